import type { Crew } from "./crew.js";
import type { ExploreSettings } from "./explore.js";
import type { Explorer } from "./explorer.js";
import type { Findings } from "./findings.js";
import type { KnownSingle } from "./knowledge.js";
import type { ExplorationReport } from "./report.js";
import type { Tally } from "./tally.js";

/** What a round adds to, and its bounds. */
interface Round {
  readonly findings: Findings;
  readonly tally: Tally;
  readonly maxWorlds: number;
  readonly settings: ExploreSettings;
}

export interface Singles {
  readonly knowledge: readonly (KnownSingle | undefined)[];
  readonly withoutEffect: readonly string[];
  readonly restless: ExplorationReport["restless"];
}

/** Every fault alone, lasting, and gone by itself at each of its moments. */
export async function playSingles(crew: Crew, { instances }: Explorer, round: Round): Promise<Singles> {
  const { findings, tally, maxWorlds, settings } = round;
  const singles = tally.of(1, "one fault, healed by hand in the end");
  const healed = tally.of(1, "one fault, gone by itself at a moment of its recovery");
  const withoutEffect: string[] = [];
  const restless: ExplorationReport["restless"][number][] = [];
  const knowledge: (KnownSingle | undefined)[] = new Array(instances.length).fill(undefined);
  // The bound is held against what each instance may cost in turn, so that it cuts the same whoever plays.
  const mayPlay = Math.min(instances.length, maxWorlds);
  const withHeals = maxWorlds >= instances.length;
  const done = await inOrder(
    instances.slice(0, mayPlay),
    crew.width,
    ({ index }) => crew.single(index, withHeals),
    (number) => settings.onProgress?.("single faults", number, mayPlay),
  );
  for (const { index, text } of instances) {
    singles.total++;
    if (index >= mayPlay) {
      singles.left++;
      continue;
    }
    const played = done[index];
    if (!played) {
      singles.impossible++;
      continue;
    }
    const { outcome, known } = played;
    singles.run++;
    tally.played(outcome);
    findings.add(outcome);
    knowledge[index] = known;
    if (!outcome.hadEffect && outcome.broken.length === 0) withoutEffect.push(text);
    if (outcome.restless !== undefined)
      restless.push({ fault: text, cluster: outcome.restless, judged: !outcome.cutShort });
    const heals = known.momentsMs.length - 1;
    healed.total += heals;
    healed.left += heals - played.healed.length;
    for (const one of played.healed) {
      healed.run++;
      tally.played(one);
      findings.add(one);
    }
  }
  return { knowledge, withoutEffect, restless };
}

/** Every combination of two faults and more, by first fault. */
export async function combine(
  crew: Crew,
  knowledge: Singles["knowledge"],
  { instances }: Explorer,
  { findings, tally, maxWorlds, settings, seed }: Round & { seed: number },
): Promise<void> {
  const firsts = instances.filter(({ index }) => knowledge[index]);
  const left = Math.max(0, maxWorlds - tally.worlds);
  const options = {
    faultsMax: settings.faults,
    promises: settings.promises ?? [],
    seed,
    // Each first fault gets an equal share, so that the bound cuts the same whoever plays.
    worldsMax: firsts.length === 0 ? 0 : left / firsts.length,
    everything: settings.everything ?? false,
  };
  const done = await inOrder(
    firsts,
    crew.width,
    ({ index }) => crew.combine(index, knowledge, options),
    (number) => settings.onProgress?.("combinations, by first fault", number, firsts.length),
  );
  for (const combined of done) {
    tally.combined(combined);
    findings.merge(combined.findings);
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
  // One more than there are threads, so that none waits for its next task.
  await Promise.all(Array.from({ length: width > 1 ? width + 1 : 1 }, take));
  return results;
}
