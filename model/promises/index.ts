import type { Clusters } from "../cluster/clusters.js";
import type { Blueprint, Cell, EventType, Instant, Reader } from "../kernel/index.js";
import type { Topology } from "../topology/types.js";
import type { SharedData } from "./always/one-writer.js";
import type { Condition } from "./condition.js";
import { conditionText } from "./condition.js";
import { promisedOrder } from "./configuration.js";
import { type Facts, isActive } from "./facts.js";
import { noOutage, type Outage, outageAfter, outageNow } from "./outage.js";
import { unbroken } from "./promise.js";
import { buildSafety, type Safety } from "./safety.js";
import { whyNoResource } from "./why-not.js";

export type { SharedData } from "./always/one-writer.js";
export type { ExpectedOrder } from "./always/start-order.js";
export { type Condition, conditionText } from "./condition.js";
export { type Outage, outageAfter, outageMs } from "./outage.js";
export type { AlwaysPromise, PromiseStatus } from "./promise.js";
export { SAFETY_NAMES } from "./safety.js";

/** A condition with its deadline, as a scenario promises it. Data. */
export interface Deadline {
  readonly name: string;
  readonly condition: Condition;
}

export interface DeadlineResult {
  readonly name: string;
  readonly kept: boolean;
  readonly atMs: number;
  readonly entry: number;
  readonly evidence: string;
}

/** Everything was served and settled, or something was not, and since when. */
export interface Steady {
  readonly holds: boolean;
  readonly sinceMs: number;
  /** When it held again for the first time after it had not; undefined where it never ceased, or has not come back. */
  readonly recoveredAtMs: number | undefined;
  /** When everything that is expected to be served was served again for the last time. */
  readonly servedAgainAtMs: number | undefined;
}

export interface Promises extends Omit<Safety, "know"> {
  readonly outages: ReadonlyMap<string, Cell<Outage>>;
  /** Services and journeys that were served when the watching began. */
  readonly expected: Cell<readonly string[]>;
  readonly steady: Cell<Steady>;
  readonly results: Cell<readonly DeadlineResult[]>;
  /** Starts the watching: what is served now is what `steady` means from here on. Budgets are by service or journey. */
  arm(instant: Instant, budgets: ReadonlyMap<string, number>): void;
  /** The condition must hold at `delayMs` from now. */
  promiseWithin(instant: Instant, deadline: Deadline, delayMs: number): void;
  holds(read: Reader, condition: Condition): boolean;
  /** What keeps the state from being steady, as sentences. */
  unsteady(read: Reader): readonly string[];
  /** To be called once, when all parts stand. */
  know(
    facts: Facts,
    data: readonly SharedData[],
    served: ReadonlyMap<string, (read: Reader) => boolean>,
    /** Why a service or journey is not served, for evidence. */
    explain?: (read: Reader, service: string) => string | undefined,
  ): void;
}

const ALWAYS_STEADY: Steady = Object.freeze({
  holds: true,
  sinceMs: 0,
  recoveredAtMs: undefined,
  servedAgainAtMs: undefined,
});

/**
 * Promises over the timeline. Their state is in cells, so that a world that has broken one is another world; each is
 * looked at only when something that it reads changes.
 */
export function buildPromises(blueprint: Blueprint, topology: Topology): Promises {
  const { know: knowSafety, ...safety } = buildSafety(blueprint, topology);
  const outages = new Map<string, Cell<Outage>>();
  const steady = blueprint.cell<Steady>("promise/steady", ALWAYS_STEADY, ({ holds }) => holds);
  const results = blueprint.cell<readonly DeadlineResult[]>("promise/within", Object.freeze([]), (all) =>
    all.map(({ name, kept }) => [name, kept]),
  );
  /** Services and journeys that were served when the watching began, and of them those that are out now. */
  const expected = blueprint.cell<readonly string[]>("promise/expected", Object.freeze([]));
  const out = blueprint.cell<readonly string[]>("promise/out", Object.freeze([]));
  let facts: Facts | undefined;
  let explain: (read: Reader, service: string) => string | undefined = () => undefined;
  let serves: ReadonlyMap<string, (read: Reader) => boolean> = new Map();

  const deadline: EventType<Deadline> = blueprint.event<Deadline>("promise-deadline", (instant, promised) => {
    const kept = holds(instant, promised.condition);
    const evidence = `${conditionText(promised.condition)}: ${kept ? "it is" : whyNot(instant, promised.condition)}`;
    const entry = instant.note({
      kind: "promise",
      subject: `promise/${promised.name}`,
      what: kept ? "kept" : "broken",
      text: evidence,
    });
    const result = Object.freeze({ name: promised.name, kept, atMs: instant.nowMs, entry, evidence });
    instant.set(results, Object.freeze([...instant.get(results), result]));
  });

  function servedAgain(instant: Instant): void {
    instant.set(steady, Object.freeze({ ...instant.get(steady), servedAgainAtMs: instant.nowMs }));
  }

  function known(): Facts {
    if (!facts) throw new Error("the promises were not told of the parts");
    return facts;
  }

  function holds(read: Reader, condition: Condition): boolean {
    const { clusters, hosts } = known();
    switch (condition.kind) {
      case "served": {
        const served = serves.get(condition.service);
        return served?.(read) ?? false;
      }
      case "node":
        return hosts.state(read, condition.node) === condition.state;
      case "settled":
        return clusters.isSettled(read, condition.cluster);
      case "steady":
        return unsteady(read).length === 0;
      case "resource":
        return resourceHolds(read, condition);
    }
  }

  function resourceHolds(read: Reader, condition: Extract<Condition, { kind: "resource" }>): boolean {
    const { clusters } = known();
    const nodes = condition.on === undefined ? clusters.nodesOf(condition.cluster) : [condition.on];
    const members = primitivesOf(read, clusters, condition.cluster, condition.resource);
    if (members.every((resource) => isStonith(read, clusters, condition.cluster, resource))) {
      // A fence device runs in the fencer alone: the cluster's belief is all there is.
      const started = members.every((resource) =>
        clusters
          .resourceState(read, condition.cluster, resource)
          .places.some(({ node, role, failed }) => role === "Started" && !failed && nodes.includes(node)),
      );
      return condition.state === "stopped" ? !started : started;
    }
    const isOn = (node: string) =>
      members.every((resource) => isActive(read, known(), condition.cluster, resource, node));
    const isPartlyOn = (node: string) =>
      members.some((resource) => isActive(read, known(), condition.cluster, resource, node));
    if (condition.state === "stopped") return !nodes.some(isPartlyOn);
    if (condition.state === "started") return nodes.some(isOn);
    return nodes.some((node) =>
      members.every((resource) => known().agents.agentFor(condition.cluster, resource).monitor(read, node).rc === 8),
    );
  }

  function whyNot(read: Reader, condition: Condition): string {
    if (condition.kind === "steady") return unsteady(read).join("; ");
    if (condition.kind === "node") return `it is ${known().hosts.state(read, condition.node)}`;
    if (condition.kind === "resource") return whyNoResource(read, known(), condition);
    return condition.kind === "served" ? (explain(read, condition.service) ?? "it is not") : "it is not";
  }

  function unsteady(read: Reader): readonly string[] {
    const { clusters } = known();
    const unserved = read.get(expected).filter((name) => !serves.get(name)!(read));
    const busy = clusters.ids.filter((id) => !clusters.isSettled(read, id));
    const told = unserved.map((name) => {
      const why = explain(read, name);
      return `${name} is not served${why === undefined ? "" : ` (${why})`}`;
    });
    return [...told, ...busy.map((id) => `cluster ${id} is not settled`)];
  }

  return {
    ...safety,
    outages,
    expected,
    steady,
    results,
    holds,
    unsteady,
    arm(instant, budgets) {
      const now = [...serves].filter(([, served]) => served(instant)).map(([name]) => name);
      instant.set(expected, Object.freeze(now));
      instant.set(out, Object.freeze([]));
      const holds = unsteady(instant).length === 0;
      instant.set(steady, Object.freeze({ ...ALWAYS_STEADY, holds, sinceMs: instant.nowMs }));
      instant.set(results, Object.freeze([]));
      for (const { cell } of safety.promises) instant.set(cell, unbroken);
      for (const [name, cell] of outages) {
        const budgetMs = budgets.get(name);
        instant.set(cell, budgetMs === undefined ? noOutage : Object.freeze({ ...noOutage, budgetMs }));
      }
    },
    promiseWithin(instant, promised, delayMs) {
      instant.after(delayMs, deadline, Object.freeze(promised));
    },
    know(all, data, served, why) {
      facts = all;
      if (why) explain = why;
      serves = served;
      knowSafety(all, data);
      for (const name of served.keys())
        outages.set(name, watchOutage(blueprint, name, served.get(name)!, expected, out, servedAgain));
      blueprint.observer(
        "promise/steady",
        (read) => read.get(out).length === 0 && all.clusters.ids.every((id) => all.clusters.isSettled(read, id)),
        (instant, isSteady) => {
          const before = instant.get(steady);
          if (before.holds === isSteady) return;
          const recoveredAtMs = before.recoveredAtMs ?? (isSteady ? instant.nowMs : undefined);
          instant.set(steady, Object.freeze({ ...before, holds: isSteady, sinceMs: instant.nowMs, recoveredAtMs }));
        },
      );
    },
  };
}

/** Accounts for the time that a service was out, among those that are expected to be served. */
function watchOutage(
  blueprint: Blueprint,
  name: string,
  served: (read: Reader) => boolean,
  expected: Cell<readonly string[]>,
  out: Cell<readonly string[]>,
  servedAgain: (instant: Instant) => void,
): Cell<Outage> {
  const cell = blueprint.cell<Outage>(`outage/${name}`, noOutage, outageNow);
  blueprint.observer(`outage/${name}`, served, (instant, isServed) => {
    if (!instant.get(expected).includes(name)) return;
    instant.set(cell, outageAfter(instant.get(cell), isServed, instant.nowMs));
    const others = instant.get(out).filter((other) => other !== name);
    instant.set(out, Object.freeze(isServed ? others : [...others, name]));
    if (isServed && others.length === 0) servedAgain(instant);
  });
  return cell;
}

/** The primitives that a group, clone or primitive stands for in the CIB that the cluster has now. */
function primitivesOf(read: Reader, clusters: Clusters, cluster: string, resource: string): readonly string[] {
  return promisedOrder(clusters.cibOf(read, cluster).configuration).primitives.get(resource) ?? [resource];
}

function isStonith(read: Reader, clusters: Clusters, cluster: string, resource: string): boolean {
  const { primitives, exclusive, cloned } = promisedOrder(clusters.cibOf(read, cluster).configuration);
  return primitives.has(resource) && !exclusive.includes(resource) && !cloned.has(resource);
}
