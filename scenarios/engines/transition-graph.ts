import type { XmlElement } from "../../model/cluster/cib/types.js";
import { child, childrenNamed } from "../../model/cluster/cib/xml.js";
import { waitingInVain } from "../../model/cluster/scheduler/graph/in-vain.js";
import type { ActionKind, Decision, GraphAction, StuckAction } from "../../model/cluster/scheduler/interface.js";
import { parseScore } from "../../model/cluster/scheduler/state/score.js";

export type Graph = Pick<
  Decision,
  | "actions"
  | "stuck"
  | "batchLimit"
  | "migrationLimit"
  | "stonithTimeoutMs"
  | "clusterDelayMs"
  | "failedStartOffset"
  | "failedStopOffset"
  | "recheckByEpochSeconds"
>;

/**
 * Reads a `transition_graph`, as crm_simulate saves it and the controller executes it. Actions are renumbered; those that
 * wait for one that is not in the graph are set apart.
 */
export function readGraph(root: XmlElement): Graph {
  const { synapses, stuck } = setStuckApart(childrenNamed(root, "synapse").filter((s) => actionOf(s) !== undefined));
  const positions = new Map<string, number>();
  synapses.forEach((s, position) => {
    positions.set(actionOf(s)!.attrs["id"] ?? "", position);
  });
  const actions = synapses.map((synapse, id) => readAction(synapse, id, positions));
  const a = root.attrs;
  const recheck = Number.parseInt(a["recheck-by"] ?? "", 10);
  return {
    actions,
    stuck,
    batchLimit: Number.parseInt(a["batch-limit"] ?? "0", 10),
    migrationLimit: Number.parseInt(a["migration-limit"] ?? "-1", 10),
    stonithTimeoutMs: intervalMs(a["stonith-timeout"] ?? "60s"),
    clusterDelayMs: intervalMs(a["cluster-delay"] ?? "60s"),
    failedStartOffset: parseScore(a["failed-start-offset"]),
    failedStopOffset: parseScore(a["failed-stop-offset"]),
    ...(Number.isNaN(recheck) ? {} : { recheckByEpochSeconds: recheck }),
  };
}

function setStuckApart(all: readonly XmlElement[]): { synapses: XmlElement[]; stuck: StuckAction[] } {
  const there = new Set(all.map(idOf));
  const waiting = new Map<string, { readonly first: XmlElement; readonly synapses: XmlElement[] }>();
  for (const synapse of all)
    for (const first of inputsOf(synapse)) {
      const id = first.attrs["id"] ?? "";
      const others = waiting.get(id) ?? { first, synapses: [] };
      others.synapses.push(synapse);
      waiting.set(id, others);
    }
  const awaited = [...waiting]
    .filter(([id]) => !there.has(id))
    .map(([, { first, synapses }]) => ({ name: nameOf(first), isPseudo: isPseudo(first), waiting: synapses }));
  const inVain = waitingInVain(awaited, (synapse) => waiting.get(idOf(synapse))?.synapses ?? []);
  const stuck = all
    .filter((synapse) => inVain.has(synapse) && !isPseudo(actionOf(synapse)!))
    .map((synapse) => ({ action: nameOf(actionOf(synapse)!), awaits: inVain.get(synapse)! }));
  return { synapses: all.filter((synapse) => !inVain.has(synapse)), stuck };
}

function idOf(synapse: XmlElement): string {
  return actionOf(synapse)!.attrs["id"] ?? "";
}

function isPseudo({ name }: XmlElement): boolean {
  return name === "pseudo_event";
}

function nameOf({ attrs }: XmlElement): string {
  const key = attrs["operation_key"] ?? "";
  return attrs["on_node"] === undefined ? key : `${key} on ${attrs["on_node"]}`;
}

function inputsOf(synapse: XmlElement): readonly XmlElement[] {
  return (child(synapse, "inputs")?.children ?? []).flatMap((trigger) => trigger.children);
}

function actionOf(synapse: XmlElement): XmlElement | undefined {
  return child(synapse, "action_set")?.children[0];
}

function readAction(synapse: XmlElement, id: number, positions: ReadonlyMap<string, number>): GraphAction {
  const e = actionOf(synapse)!;
  const a = e.attrs;
  const attributes = child(e, "attributes")?.attrs ?? {};
  const primitive = child(e, "primitive")?.attrs;
  const operation = a["operation"] ?? "";
  const inputs = inputsOf(synapse).map((first) => positions.get(first.attrs["id"] ?? "")!);
  const targetRc = attributes["CRM_meta_op_target_rc"];
  const fenceAction = operation === "stonith" ? attributes["CRM_meta_stonith_action"] : undefined;
  return {
    id,
    kind: kindOf(e.name, operation),
    operation,
    key: a["operation_key"] ?? "",
    ...(primitive?.["id"] === undefined ? {} : { resource: primitive["id"] }),
    ...(primitive?.["id"] === undefined ? {} : { instance: primitive["long-id"] ?? primitive["id"] }),
    ...(a["on_node"] === undefined ? {} : { node: a["on_node"] }),
    ...(a["router_node"] === undefined ? {} : { routerNode: a["router_node"] }),
    ...(fenceAction === "off" || fenceAction === "reboot" || fenceAction === "on" ? { fenceAction } : {}),
    intervalMs: Number.parseInt(attributes["CRM_meta_interval"] ?? "0", 10),
    timeoutMs: Number.parseInt(attributes["CRM_meta_timeout"] ?? "0", 10),
    ...(targetRc === undefined ? {} : { targetRc: Number.parseInt(targetRc, 10) }),
    priority: Number.parseInt(synapse.attrs["priority"] ?? "0", 10),
    canFail: attributes["CRM_meta_can_fail"] === "true",
    attributes,
    inputs,
  };
}

function kindOf(name: string, operation: string): ActionKind {
  if (name === "rsc_op") return "rsc";
  if (name === "pseudo_event") return "pseudo";
  return operation === "stonith" ? "fence" : "crm";
}

const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["msec", 1],
  ["us", 0.001],
  ["usec", 0.001],
  ["", 1000],
  ["s", 1000],
  ["sec", 1000],
  ["m", 60_000],
  ["min", 60_000],
  ["h", 3_600_000],
  ["hr", 3_600_000],
]);

function intervalMs(text: string): number {
  const match = /^\s*(\d+)\s*([a-z]*)/.exec(text);
  return match ? Number(match[1]) * (UNIT_MS.get(match[2]!) ?? 1000) : 0;
}
