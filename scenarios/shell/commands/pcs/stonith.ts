import { fail, ok } from "../../command.js";
import { confirmFenced, fenceByHand } from "../../fencing.js";
import { section } from "../../pacemaker.js";
import { isStonith, resourceText } from "../../text/config-text.js";
import { resourceLines, stateAt } from "../../text/crm-status.js";
import { type PcsVerb, pcsHere, typed } from "./pcs-verb.js";
import { resource } from "./resource.js";

/** `pcs stonith [show|status|config|fence|confirm|cleanup|enable|disable|history]`. */
export const stonith: PcsVerb = async (pcs) => {
  const { call } = pcs;
  const found = pcsHere(pcs);
  if ("failed" in found) return found.failed;
  const [what = "show", ...more] = pcs.words;
  const devices = section(found.cib, "resources").filter(isStonith);
  switch (what) {
    case "show":
    case "status":
    case "config": {
      const ids = more.filter((word) => !word.startsWith("--"));
      if (what === "config" || ids.length > 0 || more.includes("--full")) {
        const shown = devices.filter((one) => ids.length === 0 || ids.includes(one.attrs["id"] ?? ""));
        if (shown.length === 0) return fail(`Error: unable to find stonith device '${ids.join("', '")}'`);
        return ok(`${shown.flatMap((one) => resourceText(one, 1)).join("\n")}\n`);
      }
      const names = new Set(devices.map((one) => one.attrs["id"]));
      return ok(resourceLines(stateAt(call.handle, found.cluster, call.node), (id) => names.has(id)));
    }
    case "fence": {
      const target = more.find((word) => !word.startsWith("--"));
      if (target === undefined) return fail("Error: must specify one (and only one) node to fence");
      const done = fenceByHand(call, target, more.includes("--off") ? "off" : "reboot", typed(call));
      return done === "fenced" ? ok(`Node: ${target} fenced`) : fail(`Error: unable to fence '${target}'\n${done}`);
    }
    case "confirm": {
      const target = more.find((word) => !word.startsWith("--"));
      if (target === undefined) return fail("Error: must specify one (and only one) node to confirm fenced");
      if (!found.nodes.includes(target)) return fail(`Error: unable to confirm fencing of node '${target}'`);
      confirmFenced(call, target, typed(call));
      return ok(`Node: ${target} confirmed fenced`);
    }
    case "cleanup":
    case "enable":
    case "disable":
    case "refresh":
      return resource({ ...pcs, words: [what, ...more] });
    default:
      return call.notModelled(`pcs stonith ${pcs.words.join(" ")}`);
  }
};
