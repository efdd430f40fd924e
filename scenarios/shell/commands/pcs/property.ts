import { withOption } from "../../../../model/cluster/configuration/edit.js";
import { fail, ok } from "../../command.js";
import { propertyLines } from "../../text/config-text.js";
import { edit, type PcsVerb, pcsHere, typed } from "./pcs-verb.js";

/** `pcs property [set|unset|show|list|config]`. */
export const property: PcsVerb = (pcs) => {
  const { call, words } = pcs;
  const found = pcsHere(pcs);
  if ("failed" in found) return found.failed;
  const [what = "show", ...more] = words;
  const { operator } = call.twin.clusters;
  const set = (name: string, value: string | undefined) =>
    pcs.file === undefined
      ? call.handle.act(call.node, typed(call), (instant) => operator.setOption(instant, call.node, name, value))
      : edit(pcs, (cib) => withOption(cib, name, value));
  switch (what) {
    case "set": {
      const pairs = more.map((word) => /^([\w-]+)=(.*)$/.exec(word));
      if (pairs.length === 0 || pairs.includes(null)) return fail("Error: invalid property format: use NAME=VALUE");
      for (const [, name, value] of pairs as RegExpExecArray[]) set(name!, value === "" ? undefined : value);
      return ok();
    }
    case "unset":
      for (const name of more.filter((word) => !word.startsWith("--"))) set(name, undefined);
      return ok();
    case "show":
    case "list":
    case "config": {
      const wanted = more.filter((word) => !word.startsWith("--"));
      const lines = propertyLines(found.cib).filter(
        (line) => wanted.length === 0 || wanted.includes(line.trim().split(":")[0]!),
      );
      return ok(["Cluster Properties:", ...lines, ""].join("\n"));
    }
    default:
      return call.notModelled(`pcs property ${words.join(" ")}`);
  }
};
