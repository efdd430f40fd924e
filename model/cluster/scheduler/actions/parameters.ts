import { collectPairs } from "../../cib/nvpair-sets.js";
import type { XmlElement } from "../../cib/types.js";
import type { Plan } from "../state/plan.js";
import { Unpacking } from "../state/unpacking.js";
import type { Node, Resource } from "../state/working.js";

/** The agent's parameters on a node: the resource's instance attributes, then those of what holds it. */
export function resourceParameters(plan: Plan, resource: Resource, node: Node): ReadonlyMap<string, string> {
  const remembered = resource.parameters;
  if (remembered) return remembered;
  const into = new Map<string, string>();
  let ruled = false;
  for (let r: Resource | undefined = resource; r; r = r.parent) {
    if (!r.xml) continue;
    ruled ||= hasRules(r.xml);
    collect(plan, r.xml, resource, node, into);
  }
  if (isReachedAtHost(resource) && into.get("addr") === "#uname") {
    const { container } = resource.replica!;
    const host = container.assignedTo ?? container.runningOn[0];
    if (host) into.set("addr", host.name);
    return into;
  }
  if (!ruled) resource.parameters = into;
  return into;
}

/**
 * Whether a resource is the connection into a bundle without addresses of its own: it is reached at its container's
 * host, so its parameters are known only once it is known where the container goes.
 */
export function isReachedAtHost(resource: Resource): boolean {
  return resource.replica?.remote === resource && resource.replica.ip === undefined;
}

/** The parameters that only one operation gets. */
export function operationParameters(
  plan: Plan,
  resource: Resource,
  config: XmlElement | undefined,
  node: Node,
): ReadonlyMap<string, string> {
  if (!config || config.children.length === 0) return NO_PARAMETERS;
  const into = new Map<string, string>();
  collect(plan, config, resource, node, into);
  return into;
}

const NO_PARAMETERS: ReadonlyMap<string, string> = new Map();

function hasRules(xml: XmlElement): boolean {
  return xml.children.some(
    (set) =>
      set.name === "instance_attributes" &&
      (set.attrs["id-ref"] !== undefined || set.children.some((c) => c.name === "rule")),
  );
}

function collect(plan: Plan, xml: XmlElement, resource: Resource, node: Node, into: Map<string, string>): void {
  plan.unpacking ??= new Unpacking(plan.state);
  const context = plan.unpacking.rules({
    node: node.attributes,
    resource: { class: resource.agentClass, provider: resource.agentProvider, type: resource.agentType },
  });
  collectPairs(xml, "instance_attributes", context, plan.unpacking, into);
}
