import { fail, ok, type ShellCommand } from "../command.js";
import { absolute } from "../names.js";
import { isOldPcs } from "../pacemaker.js";
import { cluster } from "./pcs/cluster.js";
import { constraint } from "./pcs/constraint.js";
import { node } from "./pcs/node.js";
import type { PcsVerb } from "./pcs/pcs-verb.js";
import { property } from "./pcs/property.js";
import { resource } from "./pcs/resource.js";
import { config, status } from "./pcs/status.js";
import { stonith } from "./pcs/stonith.js";

const verbs: ReadonlyMap<string, PcsVerb> = new Map(
  Object.entries({ cluster, config, constraint, node, property, resource, status, stonith }),
);

/** What pcs does on a CIB in a file. */
const ON_FILES: ReadonlySet<string> = new Set(["resource", "constraint", "property"]);

/** pcs: 0.9 on cman (RHEL 6), 0.10 and later elsewhere. Source: pcs(8). */
export const pcs: ShellCommand = {
  names: ["pcs"],
  interface: "Pacemaker",
  run(call) {
    const force = call.args.includes("--force");
    const at = call.args.indexOf("-f");
    const file = at < 0 ? undefined : absolute(call.cwd, call.args[at + 1] ?? "");
    const [verb, ...rest] = call.args.filter(
      (arg, i) => arg !== "--force" && arg !== "--debug" && (at < 0 || (i !== at && i !== at + 1)),
    );
    if (verb === "--version")
      return ok(isOldPcs(call, call.twin.clusters.clusterOf(call.node) ?? "") ? "0.9.90" : "0.10.18");
    if (verb === undefined) return fail("Usage: pcs [-f file] [-h] [commands]...");
    const found = verbs.get(verb);
    if (!found) return call.notModelled(`pcs ${verb}`);
    if (file !== undefined && !ON_FILES.has(verb)) return call.notModelled(`pcs -f FILE ${verb}`);
    return found({ call, words: rest, force, ...(file !== undefined && { file }) });
  },
};
