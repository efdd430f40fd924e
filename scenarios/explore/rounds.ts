import type { Crew } from "./crew.js";
import type { Explorer } from "./explorer.js";
import type { Findings } from "./findings.js";
import type { FaultInstance } from "./instances.js";
import type { KnownSingle } from "./knowledge.js";
import type { Bits } from "./meeting.js";
import type { Outcome } from "./outcome.js";
import type { ExplorationReport, FaultAlone } from "./report.js";
import { isMine, type Shard } from "./shard.js";
import type { Tally } from "./tally.js";
import { type Results, sharesOf } from "./units.js";

/** What a round adds to, and its bounds. */
export interface Round {
  readonly findings: Findings;
  readonly tally: Tally;
  readonly faults: number;
  readonly maxWorlds?: number | undefined;
  /** What was put to use, by the marks of the explorer's exercise. */
  readonly exercised: Bits;
  /** Only what begins with its faults. */
  readonly shard?: Shard | undefined;
  readonly onProgress?: ((what: string, done: number, total: number) => void) | undefined;
}

export interface Singles {
  readonly knowledge: readonly (KnownSingle | undefined)[];
  readonly alone: readonly FaultAlone[];
  readonly withoutEffect: readonly string[];
  readonly restless: ExplorationReport["restless"];
}

/** Every fault alone, lasting, and gone by itself at each of its moments. */
export async function playSingles(crew: Crew, explorer: Explorer, round: Round): Promise<Singles> {
  const { instances } = explorer;
  const { findings, tally, exercised, shard, maxWorlds = Number.POSITIVE_INFINITY } = round;
  const singles = tally.of(1, "one fault, healed by hand in the end");
  const healed = tally.of(1, "one fault, gone by itself at a moment of its recovery");
  const alone = instances.map(notStruck);
  const withoutEffect: string[] = [];
  const restless: ExplorationReport["restless"][number][] = [];
  const knowledge: (KnownSingle | undefined)[] = new Array(instances.length).fill(undefined);
  // Combinations, and how a bound is shared out, rest on what every fault does alone: each shard plays them all.
  const playsAll = round.faults > 1 || round.maxWorlds !== undefined;
  const ofShard = instances.filter(({ index }) => playsAll || isMine(index, shard));
  const mayPlay = ofShard.filter(({ index }) => index < maxWorlds);
  const played = await inOrder(
    mayPlay,
    crew.width,
    ({ index }) => crew.play({ kind: "single", first: index }, []),
    (number) => round.onProgress?.("single faults", number, mayPlay.length),
  );
  singles.total += ofShard.length;
  singles.left += ofShard.length - mayPlay.length;
  for (const [i, { index, text }] of mayPlay.entries()) {
    const done = played[i];
    if (done === undefined) {
      singles.left++;
      tally.missing++;
      continue;
    }
    if (done === null) {
      singles.impossible++;
      continue;
    }
    const { outcome, known } = done;
    add(exercised, done.exercised);
    singles.run++;
    tally.played(outcome);
    findings.add(outcome);
    knowledge[index] = known;
    alone[index] = struckAlone(instances[index]!, outcome);
    if (!outcome.hadEffect && outcome.broken.length === 0) withoutEffect.push(text);
    if (outcome.restless !== undefined)
      restless.push({
        fault: text,
        cluster: outcome.restless,
        judged: !outcome.cutShort,
        ...(outcome.recurs && { everyMs: outcome.recurs.everyMs }),
      });
  }
  const toHeal = instances.filter(({ index }) => knowledge[index] && isMine(index, shard));
  const hasRoom = sharesOf(maxWorlds, knowledge).heals;
  const ends = hasRoom
    ? await inOrder(
        toHeal,
        crew.width,
        ({ index }) => crew.play({ kind: "healed", first: index }, knowledge),
        (number) => round.onProgress?.("single faults that go by themselves", number, toHeal.length),
      )
    : [];
  for (const [i, { index }] of toHeal.entries()) {
    const heals = knowledge[index]!.momentsMs.length - 1;
    const done = ends[i];
    if (hasRoom && done === undefined) tally.missing++;
    if (done) {
      tally.looked(done);
      add(exercised, done.exercised);
    }
    const { outcomes = [], equal = 0 } = done ?? {};
    healed.total += heals;
    healed.run += outcomes.length;
    healed.equal += equal;
    healed.left += heals - outcomes.length - equal;
    for (const outcome of outcomes) {
      tally.played(outcome);
      findings.add(outcome);
    }
  }
  return { knowledge, alone, withoutEffect, restless };
}

function add(all: Bits, more: Bits): void {
  for (const [word, bits] of more.entries()) all[word]! |= bits;
}

function notStruck({ text, fault, part }: FaultInstance): FaultAlone {
  return { text, fault: fault.name, part, struck: false, out: {}, lasting: [] };
}

function struckAlone(instance: FaultInstance, { interruptions, cutShort }: Outcome): FaultAlone {
  const ended = interruptions.filter(({ lasts }) => !lasts);
  const lasting = interruptions.filter(({ lasts }) => lasts);
  return {
    ...notStruck(instance),
    struck: true,
    out: Object.fromEntries(ended.map(({ service, totalMs }) => [service, totalMs])),
    // In a wait that was cut short nothing is known to stay out.
    lasting: cutShort ? [] : lasting.map(({ service }) => service),
  };
}

/** Every combination of two faults and more, by first fault. */
export async function combine(
  crew: Crew,
  knowledge: Singles["knowledge"],
  { instances }: Explorer,
  { findings, tally, exercised, shard, onProgress }: Round,
): Promise<void> {
  const firsts = instances.filter(({ index }) => knowledge[index] && isMine(index, shard));
  const done = await inOrder<(typeof firsts)[number], Results["combine"] | undefined>(
    firsts,
    crew.width,
    ({ index }) => crew.play({ kind: "combine", first: index }, knowledge),
    (number) => onProgress?.("combinations by first fault", number, firsts.length),
  );
  for (const combined of done) {
    if (combined === undefined) {
      tally.missing++;
      continue;
    }
    tally.combined(combined);
    findings.merge(combined.findings);
    add(exercised, combined.exercised);
  }
}

/** Does all of them, so many at a time; the results stand in the order of the items. */
async function inOrder<T, R>(
  items: readonly T[],
  width: number,
  task: (item: T) => Promise<R>,
  onDone: (number: number) => void,
): Promise<readonly R[]> {
  const results: R[] = new Array(items.length);
  let next = 0;
  let done = 0;
  const take = async () => {
    while (next < items.length) {
      const at = next++;
      results[at] = await task(items[at]!);
      onDone(++done);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, take));
  return results;
}
