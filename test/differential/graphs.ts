import type { XmlElement } from "../../model/cluster/cib/types.js";
import { parseXml } from "../../model/cluster/cib/xml.js";

/**
 * A transition graph as lines that can be compared: one for each action ("rsc_op web_start_0 on n1") and one for each
 * thing it waits for ("rsc_op web_start_0 on n1 after pseudo_event grp_start_0"). Numbers of actions are left out: they
 * name the same action differently in two graphs.
 */
export function graphLines(graph: XmlElement): string[] {
  const lines: string[] = [];
  for (const synapse of graph.children) {
    if (synapse.name !== "synapse") continue;
    const inputs = namedChild(synapse, "inputs");
    for (const action of namedChild(synapse, "action_set")?.children ?? []) {
      const name = actionName(action);
      lines.push(name);
      for (const trigger of inputs?.children ?? []) {
        for (const input of trigger.children) {
          lines.push(`${name} after ${actionName(input)}`);
        }
      }
    }
  }
  return lines.sort();
}

/**
 * The graph without what waits for an action that is not in it, and what waits for that in turn: the program never gets
 * to these ("An invalid transition was produced"), and ours leaves them out.
 */
export function withoutStuck(graph: XmlElement): XmlElement {
  const idsIn = (synapse: XmlElement, part: string) =>
    (namedChild(synapse, part)?.children ?? [])
      .flatMap((c) => (part === "inputs" ? c.children : [c]))
      .map(({ attrs }) => attrs["id"]!);
  let left = graph.children;
  for (;;) {
    const there = new Set(left.flatMap((synapse) => idsIn(synapse, "action_set")));
    const doable = left.filter((synapse) => idsIn(synapse, "inputs").every((id) => there.has(id)));
    if (doable.length === left.length) return { ...graph, children: left };
    left = doable;
  }
}

export function parseGraph(xml: string): XmlElement {
  return parseXml(xml, "transition graph");
}

function namedChild(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((c) => c.name === name);
}

function actionName(action: XmlElement): string {
  const { operation_key: key, on_node: node } = action.attrs;
  return `${action.name} ${key ?? ""}${node === undefined ? "" : ` on ${node}`}`;
}
