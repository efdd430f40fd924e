import type { Instant } from "../../kernel/index.js";
import type { NodeId } from "../../twin/parts.js";
import type { ClusterOperator } from "../clusters.js";
import { findResource, primitivesIn, withLocation, withoutConstraints } from "../configuration/edit.js";
import { roleOf } from "../status/resource-role.js";
import { type Commands, configure, type Found } from "./commands.js";

/** Commands that put a resource elsewhere, and leave constraints behind. */
export function moveCommands(commands: Commands) {
  const command = (at: NodeId, what: "move" | "ban" | "clear", resource: string, node: NodeId | undefined) => ({
    subject: commands.resourceOf(at, resource),
    what,
    text: `pcs resource ${what} ${resource}${node === undefined ? "" : ` ${node}`}`,
  });

  return {
    move: (instant, at, resource, to) =>
      commands.run(instant, at, command(at, "move", resource, to), (found) => {
        if (to === undefined) banFromWhereItIs(instant, found, resource);
        else
          configure(
            instant,
            found,
            (cib) =>
              withLocation(
                withoutConstraints(cib, (e) => isLeftByTools(e.attrs["id"], resource, to)),
                { id: `cli-prefer-${resource}`, resource, node: to, score: "INFINITY", role: "Started" },
              ),
            `${resource} was moved to ${to}`,
          );
      }),
    ban: (instant, at, resource, from) =>
      commands.run(instant, at, command(at, "ban", resource, from), (found) => {
        if (from === undefined) banFromWhereItIs(instant, found, resource);
        else ban(instant, found, resource, from);
      }),
    clear: (instant, at, resource, node) =>
      commands.run(instant, at, command(at, "clear", resource, node), (found) =>
        configure(
          instant,
          found,
          (cib) => withoutConstraints(cib, (e) => isLeftByTools(e.attrs["id"], resource, node)),
          `constraints of moves and bans of ${resource} were cleared`,
        ),
      ),
  } satisfies Partial<ClusterOperator>;
}

function ban(instant: Instant, found: Found, resource: string, node: NodeId): void {
  const id = `cli-ban-${resource}-on-${node}`;
  configure(
    instant,
    found,
    (cib) => withLocation(cib, { id, resource, node, score: "-INFINITY", role: "Started" }),
    `${resource} was banned from ${node}`,
  );
}

function banFromWhereItIs(instant: Instant, found: Found, resource: string): void {
  const [node] = activeOn(found, instant, resource);
  if (node !== undefined) ban(instant, found, resource, node);
}

/** Where a resource is active, by the history in that node's CIB. */
function activeOn({ runtime, node }: Found, instant: Instant, resource: string): readonly NodeId[] {
  const cib = instant.get(node.cib);
  const element = findResource(cib, resource);
  const ids = new Set(element ? primitivesIn(element) : [resource]);
  return runtime.core.nodes
    .map((cells) => cells.name)
    .filter((name) =>
      [...(cib.status.nodes.get(name)?.resources.values() ?? [])].some(
        (history) => ids.has(history.id.replace(/:\d+$/, "")) && roleOf(history).role !== "Stopped",
      ),
    );
}

/** A constraint that moves and bans of a resource leave; of bans, those from a node where one is given. */
function isLeftByTools(id: string | undefined, resource: string, node: NodeId | undefined): boolean {
  return (
    id !== undefined &&
    (id === `cli-ban-${resource}-on-${node ?? ""}` ||
      (node === undefined && id.startsWith(`cli-ban-${resource}-on-`)) ||
      id === `cli-prefer-${resource}` ||
      id === `cli-standby-${resource}`)
  );
}
