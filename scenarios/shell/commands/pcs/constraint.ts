import { fail, ok } from "../../command.js";
import { hasResource, section } from "../../pacemaker.js";
import { constraintsText } from "../../text/config-text.js";
import { type PcsVerb, pcsHere, typed } from "./pcs-verb.js";

/** `pcs constraint [list|location|remove|delete]`. */
export const constraint: PcsVerb = ({ call, words }) => {
  const found = pcsHere(call);
  if ("failed" in found) return found.failed;
  const { cib } = found;
  const full = words.includes("--full");
  const [what = "list", ...more] = words.filter((word) => word !== "--full");
  const { operator } = call.twin.clusters;
  const lines = constraintsText(cib, full);
  if (what === "list" || what === "show" || what === "config") return ok(`${lines.join("\n")}\n`);
  if (what === "location") {
    const [resource, verb, ...targets] = more;
    if (resource === undefined || resource === "show" || resource === "config")
      return ok(`${lines.slice(0, lines.indexOf("Ordering Constraints:")).join("\n")}\n`);
    if (!hasResource(cib, resource)) return fail(`Error: Resource '${resource}' does not exist`);
    if (verb !== "prefers" && verb !== "avoids") return call.notModelled(`pcs constraint ${words.join(" ")}`);
    for (const target of targets) {
      const [node = "", score = "INFINITY"] = target.split("=");
      const signed = verb === "avoids" ? `-${score}` : score;
      const id = `location-${resource}-${node}-${signed}`;
      call.handle.act(call.node, typed(call), (instant) =>
        operator.addLocation(instant, call.node, id, resource, node, signed),
      );
    }
    return ok();
  }
  if (what === "remove" || what === "delete") {
    for (const id of more) {
      if (!section(cib, "constraints").some((one) => one.attrs["id"] === id))
        return fail(`Error: Unable to find constraint - '${id}'`);
      call.handle.act(call.node, typed(call), (instant) => operator.removeConstraint(instant, call.node, id));
    }
    return ok();
  }
  return call.notModelled(`pcs constraint ${words.join(" ")}`);
};
