import { fail, ok, type Result } from "../../command.js";
import { isOldPcs } from "../../pacemaker.js";
import { type PcsCall, type PcsVerb, pcsHere, takeWait, typed, waited } from "./pcs-verb.js";

/** `pcs node standby|unstandby|maintenance|unmaintenance`; 0.10 and later. */
export const node: PcsVerb = (pcs) => {
  const { call } = pcs;
  const [what, ...more] = pcs.words;
  const name = call.twin.clusters.clusterOf(call.node);
  if (name !== undefined && isOldPcs(call, name))
    return fail(`Error: 'pcs node' is not on this release (pcs 0.9 of RHEL 6): use 'pcs cluster ${what ?? "standby"}'`);
  if (what === "standby" || what === "unstandby") return nodeAttribute(pcs, "standby", what === "standby", more);
  if (what === "maintenance" || what === "unmaintenance")
    return nodeAttribute(pcs, "maintenance", what === "maintenance", more);
  return call.notModelled(`pcs node ${pcs.words.join(" ")}`);
};

/** Sets (or removes) standby or maintenance on the named nodes, on all, or on the node itself. */
export function nodeAttribute(
  pcs: PcsCall,
  what: "standby" | "maintenance",
  on: boolean,
  words: readonly string[],
): Result {
  const { call } = pcs;
  const found = pcsHere(pcs);
  if ("failed" in found) return found.failed;
  const { words: rest, waitMs } = takeWait(words);
  const named = rest.filter((word) => !word.startsWith("--"));
  const stranger = named.find((one) => !found.nodes.includes(one));
  if (stranger !== undefined) return fail(`Error: Node '${stranger}' does not appear to exist in configuration`);
  const targets = rest.includes("--all") ? found.nodes : named.length > 0 ? named : [call.node];
  const { operator } = call.twin.clusters;
  for (const target of targets)
    call.handle.act(call.node, typed(call), (instant) =>
      what === "standby"
        ? operator.standby(instant, call.node, target, on)
        : operator.nodeMaintenance(instant, call.node, target, on),
    );
  return waited(call, found.cluster, waitMs) ?? ok();
}
