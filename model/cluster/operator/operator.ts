import type { Instant } from "../../kernel/index.js";
import type { NodeId } from "../../twin/parts.js";
import type { Cib } from "../cib/types.js";
import type { ClusterOperator } from "../clusters.js";
import {
  findResource,
  primitivesIn,
  withLocation,
  withNodeAttribute,
  withOption,
  withoutConstraints,
  withResourceAttribute,
} from "../configuration/edit.js";
import type { NodeCells } from "../core.js";
import { stonithTimeoutMs } from "../fencer/fencer.js";
import type { ClusterRuntime } from "../index.js";
import { withHistory } from "../status/edit.js";
import { roleOf } from "../status/resource-role.js";

interface Found {
  readonly runtime: ClusterRuntime;
  readonly node: NodeCells;
}

/** What people type, as the tools carry it out. */
export function clusterOperator(runtimes: ReadonlyMap<string, ClusterRuntime>): ClusterOperator {
  const find = (name: NodeId): Found => {
    for (const runtime of runtimes.values()) {
      const node = runtime.core.byName.get(name);
      if (node) return { runtime, node };
    }
    throw new Error(`"${name}" is a node of no cluster`);
  };

  const tell = (instant: Instant, subject: string, what: string, text: string): number =>
    instant.note({ kind: "operator", subject, what, text });

  /** Tells the command and, where the tools can reach the cluster from there, carries it out on its account. */
  const command = (
    instant: Instant,
    at: NodeId,
    subject: string,
    what: string,
    text: string,
    body: (found: Found, entry: number) => void,
  ): number => {
    const found = find(at);
    const { core } = found.runtime;
    if (!core.isControllerUp(instant, found.node) || !core.isAwake(instant, found.node))
      return tell(instant, subject, what, `${text}: could not connect, the cluster does not run on ${at}`);
    const entry = tell(instant, subject, what, text);
    instant.because(entry, () => body(found, entry));
    return entry;
  };

  /** Changes the configuration and has the DC look. */
  const configure = (instant: Instant, { runtime, node }: Found, change: (cib: Cib) => Cib, why: string): void => {
    if (!runtime.core.writeCib(instant, node, change, true)) return;
    const dc = runtime.core.dcCells(instant, node);
    // Maintenance makes the DC rewrite the state of every node.
    if (dc) runtime.controller.abort(instant, dc, why, { updatesPending: /^maintenance/.test(why) });
  };

  const setMeta: ClusterOperator["setMeta"] = (instant, at, resource, name, value) =>
    command(
      instant,
      at,
      `resource/${find(at).runtime.core.id}/${resource}`,
      value === undefined ? `unset ${name}` : `set ${name}=${value}`,
      `crm_resource --resource ${resource} --meta ${value === undefined ? `--delete-parameter ${name}` : `--set-parameter ${name} --parameter-value ${value}`}`,
      (found) =>
        configure(
          instant,
          found,
          (cib) => withResourceAttribute(cib, resource, "meta_attributes", name, value) ?? cib,
          `${name} of ${resource} changed`,
        ),
    );

  const setNodeAttribute: ClusterOperator["setNodeAttribute"] = (instant, at, node, name, value, lifetime) =>
    command(
      instant,
      at,
      `node/${node}`,
      value === undefined ? `unset ${name}` : `set ${name}=${value}`,
      `crm_attribute --node ${node} --name ${name} ${value === undefined ? "--delete" : `--update ${value}`} --lifetime ${lifetime}`,
      (found) => {
        if (lifetime === "reboot") {
          const cells = found.runtime.core.byName.get(node);
          if (cells) found.runtime.controller.setAttribute(instant, cells, name, value, `${name} of ${node} changed`);
          return;
        }
        configure(instant, found, (cib) => withNodeAttribute(cib, node, name, value), `${name} of ${node} changed`);
      },
    );

  const ban = (instant: Instant, found: Found, resource: string, node: NodeId): void => {
    const id = `cli-ban-${resource}-on-${node}`;
    configure(
      instant,
      found,
      (cib) => withLocation(cib, { id, resource, node, score: "-INFINITY", role: "Started" }),
      `${resource} was banned from ${node}`,
    );
  };

  /** Where a resource is active, by the history in that node's CIB. */
  const activeOn = ({ runtime, node }: Found, instant: Instant, resource: string): readonly NodeId[] => {
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
  };

  const isCliConstraint = (id: string | undefined, resource: string, node: NodeId | undefined): boolean =>
    id !== undefined &&
    (id === `cli-ban-${resource}-on-${node ?? ""}` ||
      (node === undefined && id.startsWith(`cli-ban-${resource}-on-`)) ||
      id === `cli-prefer-${resource}` ||
      id === `cli-standby-${resource}`);

  const cleanupNode = (
    instant: Instant,
    found: Found,
    cells: NodeCells,
    ids: ReadonlySet<string> | undefined,
    everything: boolean,
  ): boolean => {
    const { core, executor, controller } = found.runtime;
    const cib = instant.get(found.node.cib);
    const state = cib.status.nodes.get(cells.name);
    let changed = false;
    for (const history of state?.resources.values() ?? []) {
      const id = history.id.replace(/:\d+$/, "");
      if (ids && !ids.has(id)) continue;
      const failed = history.operations.some((op) => op.id.endsWith("_last_failure_0"));
      const counted = [...(state?.attributes.keys() ?? [])].some((name) =>
        name.startsWith(`fail-count-${history.id}#`),
      );
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
  };

  const forget = (
    instant: Instant,
    at: NodeId,
    what: "cleanup" | "refresh",
    resource?: string,
    node?: NodeId,
  ): number =>
    command(
      instant,
      at,
      `resource/${find(at).runtime.core.id}/${resource ?? "all"}`,
      what,
      `pcs resource ${what}${resource === undefined ? "" : ` ${resource}`}`,
      (found) => {
        const { core, controller } = found.runtime;
        const element = resource === undefined ? undefined : findResource(instant.get(found.node.cib), resource);
        const ids = resource === undefined ? undefined : new Set(element ? primitivesIn(element) : [resource]);
        // Before 2.0 a clean-up of a named resource forgets all of its history, failed or not.
        const everything = what === "refresh" || (core.spec.stack === "cman" && ids !== undefined);
        let changed = false;
        for (const cells of core.nodes) {
          if (node !== undefined && cells.name !== node) continue;
          if (cleanupNode(instant, found, cells, ids, everything)) changed = true;
        }
        const dc = core.dcCells(instant, found.node);
        if (changed && dc) controller.abort(instant, dc, "failures were cleaned up", { updatesPending: true });
      },
    );

  return {
    setNodeAttribute,
    setMeta,
    standby: (instant, at, node, on) =>
      command(
        instant,
        at,
        `node/${node}`,
        on ? "standby" : "unstandby",
        `pcs cluster ${on ? "standby" : "unstandby"} ${node}`,
        (found) =>
          configure(
            instant,
            found,
            (cib) => withNodeAttribute(cib, node, "standby", on ? "on" : undefined),
            `${node} ${on ? "goes to standby" : "leaves standby"}`,
          ),
      ),
    nodeMaintenance: (instant, at, node, on) =>
      setNodeAttribute(instant, at, node, "maintenance", on ? "true" : undefined, "forever"),
    setOption: (instant, at, name, value) =>
      command(
        instant,
        at,
        `cluster/${find(at).runtime.core.id}`,
        value === undefined ? `unset ${name}` : `set ${name}=${value}`,
        `pcs property ${value === undefined ? `unset ${name}` : `set ${name}=${value}`}`,
        (found) => configure(instant, found, (cib) => withOption(cib, name, value), `${name} changed`),
      ),
    setParameter: (instant, at, resource, name, value) =>
      command(
        instant,
        at,
        `resource/${find(at).runtime.core.id}/${resource}`,
        value === undefined ? `unset ${name}` : `set ${name}=${value}`,
        `crm_resource --resource ${resource} ${value === undefined ? `--delete-parameter ${name}` : `--set-parameter ${name} --parameter-value ${value}`}`,
        (found) =>
          configure(
            instant,
            found,
            (cib) => withResourceAttribute(cib, resource, "instance_attributes", name, value) ?? cib,
            `${name} of ${resource} changed`,
          ),
      ),
    enable: (instant, at, resource) => setMeta(instant, at, resource, "target-role", undefined),
    disable: (instant, at, resource) => setMeta(instant, at, resource, "target-role", "Stopped"),
    manage: (instant, at, resource) => setMeta(instant, at, resource, "is-managed", undefined),
    unmanage: (instant, at, resource) => setMeta(instant, at, resource, "is-managed", "false"),
    move: (instant, at, resource, to) =>
      command(
        instant,
        at,
        `resource/${find(at).runtime.core.id}/${resource}`,
        "move",
        `pcs resource move ${resource}${to === undefined ? "" : ` ${to}`}`,
        (found) => {
          if (to === undefined) {
            const [from] = activeOn(found, instant, resource);
            if (from !== undefined) ban(instant, found, resource, from);
            return;
          }
          configure(
            instant,
            found,
            (cib) =>
              withLocation(
                withoutConstraints(cib, (e) => isCliConstraint(e.attrs["id"], resource, to)),
                { id: `cli-prefer-${resource}`, resource, node: to, score: "INFINITY", role: "Started" },
              ),
            `${resource} was moved to ${to}`,
          );
        },
      ),
    ban: (instant, at, resource, from) =>
      command(
        instant,
        at,
        `resource/${find(at).runtime.core.id}/${resource}`,
        "ban",
        `pcs resource ban ${resource}${from === undefined ? "" : ` ${from}`}`,
        (found) => {
          const node = from ?? activeOn(found, instant, resource)[0];
          if (node !== undefined) ban(instant, found, resource, node);
        },
      ),
    clear: (instant, at, resource, node) =>
      command(
        instant,
        at,
        `resource/${find(at).runtime.core.id}/${resource}`,
        "clear",
        `pcs resource clear ${resource}${node === undefined ? "" : ` ${node}`}`,
        (found) =>
          configure(
            instant,
            found,
            (cib) => withoutConstraints(cib, (e) => isCliConstraint(e.attrs["id"], resource, node)),
            `constraints of moves and bans of ${resource} were cleared`,
          ),
      ),
    cleanup: (instant, at, resource, node) => forget(instant, at, "cleanup", resource, node),
    refresh: (instant, at, resource, node) => forget(instant, at, "refresh", resource, node),
    failResource: (instant, at, resource, node) =>
      command(
        instant,
        at,
        `resource/${find(at).runtime.core.id}/${resource}`,
        "fail",
        `crm_resource --fail --resource ${resource} --node ${node}`,
        (found) => {
          const cells = found.runtime.core.byName.get(node);
          if (cells) found.runtime.executor.fail(instant, cells, resource);
        },
      ),
    addLocation: (instant, at, id, resource, node, score) =>
      command(
        instant,
        at,
        `resource/${find(at).runtime.core.id}/${resource}`,
        "location added",
        `pcs constraint location add ${id} ${resource} ${node} ${score}`,
        (found) =>
          configure(
            instant,
            found,
            (cib) => withLocation(cib, { id, resource, node, score }),
            `constraint ${id} was added`,
          ),
      ),
    removeConstraint: (instant, at, id) =>
      command(
        instant,
        at,
        `cluster/${find(at).runtime.core.id}`,
        "constraint removed",
        `pcs constraint remove ${id}`,
        (found) =>
          configure(
            instant,
            found,
            (cib) => withoutConstraints(cib, (e) => e.attrs["id"] === id),
            `constraint ${id} was removed`,
          ),
      ),
    stopCluster(instant, name) {
      const { runtime, node } = find(name);
      const entry = tell(instant, `node/${name}`, "stop cluster", `pcs cluster stop ${name}`);
      if (runtime.core.isAwake(instant, node)) instant.because(entry, () => runtime.requestShutdown(instant, node));
      return entry;
    },
    startCluster(instant, name) {
      const { runtime, node } = find(name);
      const entry = tell(instant, `node/${name}`, "start cluster", `pcs cluster start ${name}`);
      if (runtime.core.isAwake(instant, node)) instant.because(entry, () => runtime.startStack(instant, node));
      return entry;
    },
    killStack(instant, name) {
      const { runtime, node } = find(name);
      const entry = tell(
        instant,
        `node/${name}`,
        "kill cluster stack",
        "killall -9 corosync (or cman's): the cluster stack dies, resources go on",
      );
      instant.because(entry, () => runtime.killStack(instant, node));
      return entry;
    },
    killExecutor(instant, name) {
      const { runtime, node } = find(name);
      const entry = tell(instant, `node/${name}`, "kill executor", "killall -9 pacemaker-execd");
      instant.because(entry, () => runtime.killController(instant, node, "executor"));
      return entry;
    },
    killFencer(instant, name) {
      const { runtime, node } = find(name);
      const entry = tell(instant, `node/${name}`, "kill fencer", "killall -9 pacemaker-fenced");
      instant.because(entry, () => runtime.controller.daemonLeft(instant, node));
      return entry;
    },
    killController(instant, name) {
      const { runtime, node } = find(name);
      const entry = tell(instant, `node/${name}`, "kill controller", "killall -9 pacemaker-controld");
      instant.because(entry, () => runtime.killController(instant, node, "controller"));
      return entry;
    },
    edit: (instant, at, text, change) =>
      command(instant, at, `cluster/${find(at).runtime.core.id}`, "configuration edited", text, (found) =>
        configure(instant, found, change, "the configuration was edited"),
      ),
    fence: (instant, at, node, action) =>
      command(
        instant,
        at,
        `node/${node}`,
        "fence",
        `stonith_admin --${action === "off" ? "fence" : "reboot"} ${node}`,
        (found) => {
          const { core, fencer } = found.runtime;
          const requested = instant.note({
            kind: "fence",
            subject: `node/${node}`,
            what: "fence-requested",
            text: `somebody on ${at} asks for ${node} to be fenced (${action})`,
            data: { cluster: core.id, seenBy: at, action, byHand: true },
          });
          fencer.request(instant, found.node, node, action, {
            timeoutMs: stonithTimeoutMs(instant, found.node),
            entry: requested,
          });
        },
      ),
    confirmFenced: (instant, at, node) =>
      command(
        instant,
        at,
        `node/${node}`,
        "confirm fenced",
        `stonith_admin --confirm ${node}: somebody swears that ${node} is down`,
        (found) => {
          const target = found.runtime.core.byName.get(node);
          if (!target) return;
          const entry = instant.note({
            kind: "fence",
            subject: `node/${node}`,
            what: "fenced",
            text: `${node} is taken for fenced because a person said so`,
            data: { cluster: found.runtime.core.id, seenBy: at, by: "a human", action: "off" },
          });
          instant.because(entry, () => found.runtime.controller.confirmFenced(instant, found.node, target));
        },
      ),
  };
}
