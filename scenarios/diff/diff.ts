import type { VerdictKind } from "../../model/verdict/types.js";
import type { ExplorationReport, FaultAlone, ShownCounterexample } from "../explore/report.js";

/** Recoveries differ when they do by a second and by a twentieth: less is the phase of a monitor. */
const DIFFERENT_MS = 1_000;
const DIFFERENT_SHARE = 0.05;

/** Two explorations compared: what breaks only before, only after, and what comes back later. Versioned. */
export interface DiffReport {
  readonly version: 1;
  readonly fencepost: string;
  readonly before: Side;
  readonly after: Side;
  readonly verdict: "same" | "different" | "unknown";
  /** Promises that nothing broke before, with the shortest way to break them now; and the other way round. */
  readonly newlyBroken: readonly BrokenOn[];
  readonly noLongerBroken: readonly BrokenOn[];
  /** Sets of faults that take services away until somebody repairs: on one side only, or more than on the other. */
  readonly weaknesses: { readonly new: readonly Weakness[]; readonly gone: readonly Weakness[]; readonly both: number };
  readonly recoveries: { readonly slower: readonly Recovery[]; readonly faster: readonly Recovery[] };
  /** Services and journeys that only one side has: they are not compared. */
  readonly only: { readonly before: readonly string[]; readonly after: readonly string[] };
  /** Of those that both have, what was not served before any fault: what faults do to it says nothing. */
  readonly notServed: { readonly before: readonly string[]; readonly after: readonly string[] };
}

export interface Side {
  readonly name: string;
  readonly file: string;
  readonly hash: string;
  readonly set: readonly string[];
  readonly verdict: VerdictKind;
  readonly faultsMax: number;
  readonly worlds: number;
  /** Combinations that were not played: what they would have shown is not known. */
  readonly cut: number;
}

export interface BrokenOn {
  readonly promise: string;
  readonly text: string;
  readonly evidence: string;
  readonly minimal: boolean;
  readonly replay: string;
}

export interface Weakness {
  /** `lose-node nfs1`, in the order of the vocabulary. */
  readonly faults: readonly string[];
  readonly parts: readonly string[];
  readonly services: readonly string[];
  /** The other side has no such part: the fault cannot strike there. */
  readonly onlyHere: boolean;
  /** How long the longest of the services is out on the other side, where they come back there; for single faults. */
  readonly otherwiseMs?: number;
}

export interface Recovery {
  readonly fault: string;
  readonly changes: readonly { readonly service: string; readonly beforeMs: number; readonly afterMs: number }[];
}

/** Compares what exploration found on two topologies, or on one before and after an edit. */
export function diffOf(before: ExplorationReport, after: ExplorationReport): DiffReport {
  const [ofBefore, ofAfter] = [before, after].map(({ services }) => services.map(({ service }) => service));
  const both = ofBefore!.filter((service) => ofAfter!.includes(service));
  const notServed = { before: notServedOf(before, both), after: notServedOf(after, both) };
  const shared = new Set(both.filter((one) => !notServed.before.includes(one) && !notServed.after.includes(one)));
  const [broken, brokenNow] = [brokenOf(before, shared), brokenOf(after, shared)];
  const [weak, weakNow] = [weakOf(before, shared), weakOf(after, shared)];
  const weaknesses = {
    new: missingIn(weak, weakNow, before),
    gone: missingIn(weakNow, weak, after),
    both: [...weak].filter(([key, { services }]) => services.some((one) => weakNow.get(key)?.services.includes(one)))
      .length,
  };
  const changes = recoveries(before, after, shared);
  const recovered = {
    slower: changed(changes, ({ beforeMs, afterMs }) => afterMs > beforeMs),
    faster: changed(changes, ({ beforeMs, afterMs }) => afterMs < beforeMs),
  };
  const newlyBroken = brokenNow.filter(({ promise }) => !broken.some((one) => one.promise === promise));
  const noLongerBroken = broken.filter(({ promise }) => !brokenNow.some((one) => one.promise === promise));
  const only = {
    before: ofBefore!.filter((service) => !both.includes(service)),
    after: ofAfter!.filter((service) => !both.includes(service)),
  };
  const lists = [newlyBroken, noLongerBroken, weaknesses.new, weaknesses.gone, recovered.slower, recovered.faster];
  const isDifferent =
    [...lists, only.before, only.after].some((list) => list.length > 0) ||
    notServed.before.join() !== notServed.after.join();
  const isCut = [before, after].some(({ counts }) => counts.cut > 0 || counts.notJudged > 0);
  return {
    version: 1,
    fencepost: after.fencepost,
    before: sideOf(before),
    after: sideOf(after),
    verdict: isDifferent ? "different" : isCut ? "unknown" : "same",
    newlyBroken,
    noLongerBroken,
    weaknesses,
    recoveries: recovered,
    only,
    notServed,
  };
}

/** In the order of `among`, whatever the report's: two sides are compared by it. */
function notServedOf({ services }: ExplorationReport, among: readonly string[]): readonly string[] {
  const notServed = new Set(services.flatMap(({ service, servedAtStart }) => (servedAtStart ? [] : [service])));
  return among.filter((service) => notServed.has(service));
}

function sideOf({ topology, set, verdict, faultsMax, counts }: ExplorationReport): Side {
  return { ...topology, set, verdict, faultsMax, worlds: counts.worlds, cut: counts.cut };
}

/** Each broken promise with its counterexample; promises of services that both sides have, and of none. */
function brokenOf({ counterexamples }: ExplorationReport, shared: ReadonlySet<string>): readonly BrokenOn[] {
  const shown = ({ text, evidence, minimal, replay }: ShownCounterexample) => ({ text, evidence, minimal, replay });
  return counterexamples.flatMap((one) =>
    one.promises
      .filter((promise) => {
        const slash = promise.indexOf("/");
        return slash < 0 || shared.has(promise.slice(slash + 1));
      })
      .map((promise) => ({ promise, ...shown(one) })),
  );
}

interface Weak {
  readonly faults: readonly FaultAlone[];
  readonly services: string[];
}

/** By the texts of the faults: what they take away together, and no fewer of them. */
function weakOf({ alone, services }: ExplorationReport, shared: ReadonlySet<string>): ReadonlyMap<string, Weak> {
  const found = new Map<string, Weak>();
  for (const { service, minimalSets } of services) {
    if (!shared.has(service)) continue;
    for (const set of minimalSets) {
      const faults = set.map((index) => alone[index]!);
      const key = faults.map(({ text }) => text).join("\n");
      const known = found.get(key);
      if (known) known.services.push(service);
      else found.set(key, { faults, services: [service] });
    }
  }
  return found;
}

/** What is in `here` and not in `there`. A set of which fewer faults do as much there is no weakness that went. */
function missingIn(
  there: ReadonlyMap<string, Weak>,
  here: ReadonlyMap<string, Weak>,
  report: ExplorationReport,
): readonly Weakness[] {
  const aloneThere = new Map(report.alone.map((one) => [one.text, one]));
  // What was left out there may be as weak.
  const isKnown = (faults: readonly FaultAlone[]) =>
    report.counts.cut === 0 || (faults.length === 1 && aloneThere.get(faults[0]!.text)?.struck !== false);
  const found: Weakness[] = [];
  for (const [key, { faults, services }] of here) {
    if (!isKnown(faults)) continue;
    const missing = services.filter((service) => !there.get(key)?.services.includes(service));
    const isCovered = (service: string) =>
      faults.length > 1 && faults.some(({ text }) => there.get(text)?.services.includes(service));
    const left = missing.filter((service) => !isCovered(service));
    if (left.length === 0) continue;
    const only = faults.length === 1 ? aloneThere.get(faults[0]!.text) : undefined;
    const outMs = only && Math.max(0, ...left.map((service) => only.out[service] ?? 0));
    found.push({
      faults: faults.map(({ text }) => text),
      parts: [...new Set(faults.map(({ part }) => part))],
      services: left,
      onlyHere: faults.some(({ text }) => !aloneThere.has(text)),
      ...(outMs !== undefined && { otherwiseMs: outMs }),
    });
  }
  return found.sort((a, b) => a.faults.length - b.faults.length || b.services.length - a.services.length);
}

/** What comes back by itself on both sides, later or sooner. */
function recoveries(
  before: ExplorationReport,
  after: ExplorationReport,
  shared: ReadonlySet<string>,
): readonly Recovery[] {
  const earlier = new Map(before.alone.map((one) => [one.text, one]));
  return after.alone.flatMap((now) => {
    const then = earlier.get(now.text);
    if (!then?.struck || !now.struck) return [];
    const changes = [...shared].flatMap((service) => {
      if (then.lasting.includes(service) || now.lasting.includes(service)) return [];
      const [beforeMs, afterMs] = [then.out[service] ?? 0, now.out[service] ?? 0];
      const byMs = Math.abs(afterMs - beforeMs);
      const isSame = byMs < DIFFERENT_MS || byMs < DIFFERENT_SHARE * Math.max(beforeMs, afterMs);
      return isSame ? [] : [{ service, beforeMs, afterMs }];
    });
    return changes.length > 0 ? [{ fault: now.text, changes }] : [];
  });
}

function changed(all: readonly Recovery[], is: (change: Recovery["changes"][number]) => boolean): readonly Recovery[] {
  const most = ({ changes }: Recovery) =>
    Math.max(...changes.map(({ beforeMs, afterMs }) => Math.abs(afterMs - beforeMs)));
  return all
    .map(({ fault, changes }) => ({ fault, changes: changes.filter(is) }))
    .filter(({ changes }) => changes.length > 0)
    .sort((a, b) => most(b) - most(a));
}
