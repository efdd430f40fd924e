import type { Instant } from "../../kernel/index.js";
import type { NodeId } from "../../twin/parts.js";
import type { ClusterOperator } from "../clusters.js";
import { findResource, primitivesIn } from "../configuration/edit.js";
import type { NodeCells } from "../core.js";
import { withHistory } from "../status/edit.js";
import type { Commands, Found } from "./commands.js";

/** Commands that record failures of resources, or have them forgotten. */
export function failureCommands(commands: Commands) {
  const forget = (instant: Instant, at: NodeId, what: "cleanup" | "refresh", resource?: string, node?: NodeId) =>
    commands.run(
      instant,
      at,
      {
        subject: commands.resourceOf(at, resource ?? "all"),
        what,
        text: `pcs resource ${what}${resource === undefined ? "" : ` ${resource}`}`,
      },
      (found) => {
        const { core, controller } = found.runtime;
        const element = resource === undefined ? undefined : findResource(instant.get(found.node.cib), resource);
        const ids = resource === undefined ? undefined : new Set(element ? primitivesIn(element) : [resource]);
        // Before 2.0 a clean-up of a named resource forgets all of its history, failed or not.
        const everything = what === "refresh" || (core.spec.stack === "cman" && ids !== undefined);
        let changed = false;
        for (const cells of core.nodes) {
          if (node !== undefined && cells.name !== node) continue;
          if (forgetOn(instant, found, cells, ids, everything)) changed = true;
        }
        const dc = core.dcCells(instant, found.node);
        if (changed && dc) controller.abort(instant, dc, "failures were cleaned up", { updatesPending: true });
      },
    );

  return {
    cleanup: (instant, at, resource, node) => forget(instant, at, "cleanup", resource, node),
    refresh: (instant, at, resource, node) => forget(instant, at, "refresh", resource, node),
    failResource: (instant, at, resource, node) =>
      commands.run(
        instant,
        at,
        {
          subject: commands.resourceOf(at, resource),
          what: "fail",
          text: `crm_resource --fail --resource ${resource} --node ${node}`,
        },
        ({ runtime }) => {
          const cells = runtime.core.byName.get(node);
          if (cells) runtime.executor.fail(instant, cells, resource);
        },
      ),
  } satisfies Partial<ClusterOperator>;
}

/**
 * Forgets what failed on one node, of the resources `ids` (undefined: of all), or everything there is of them. False
 * where there was nothing to forget.
 */
function forgetOn(
  instant: Instant,
  found: Found,
  cells: NodeCells,
  ids: ReadonlySet<string> | undefined,
  everything: boolean,
): boolean {
  const { core, executor, controller } = found.runtime;
  const state = instant.get(found.node.cib).status.nodes.get(cells.name);
  let changed = false;
  for (const history of state?.resources.values() ?? []) {
    const id = history.id.replace(/:\d+$/, "");
    if (ids && !ids.has(id)) continue;
    const failed = history.operations.some((op) => op.id.endsWith("_last_failure_0"));
    const counted = [...(state?.attributes.keys() ?? [])].some((name) => name.startsWith(`fail-count-${history.id}#`));
    if (!failed && !counted && !everything) continue;
    changed = true;
    controller.clearFailCounts(instant, cells, history.id);
    if (core.isControllerUp(instant, cells)) executor.forget(instant, cells, history.id);
  }
  if (changed && core.isControllerUp(instant, cells)) {
    const { history } = instant.get(cells.executor);
    core.writeCib(instant, found.node, (now) => withHistory(now, cells.member.id, cells.name, history));
  }
  return changed;
}
