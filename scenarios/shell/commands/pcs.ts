import { fail, type ShellCommand } from "../command.js";
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

/** pcs: 0.9 on cman (RHEL 6), 0.10 and later elsewhere. Source: pcs(8). */
export const pcs: ShellCommand = {
  names: ["pcs"],
  interface: "Pacemaker",
  run(call) {
    const force = call.args.includes("--force");
    const [verb, ...rest] = call.args.filter((arg) => arg !== "--force" && arg !== "--debug");
    if (verb === "--version") return call.notModelled("pcs --version");
    if (verb === undefined) return fail("Usage: pcs [-f file] [-h] [commands]...");
    const found = verbs.get(verb);
    if (!found) return call.notModelled(`pcs ${verb}`);
    return found({ call, words: rest, force });
  },
};
