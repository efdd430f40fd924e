import type { TraceEntry } from "../../model/kernel/index.js";
import { spanMs } from "../../model/topology/span-text.js";
import type { PromiseResult, RunRecord, Verdict } from "../../model/verdict/types.js";
import type { Onlooker } from "../../scenarios/runner/onlooker.js";
import type { SettledTwin } from "../../scenarios/runner/prepare.js";
import { standingOf } from "../reporters/reporter.js";
import { groundData } from "./ground.js";
import type { GroundData, PageIndex, PromiseData, RunData, RunHead } from "./page-data.js";
import { RunRecorder, type Seen } from "./run-recorder.js";

/** All that a page holds. */
export interface PageData {
  readonly index: PageIndex;
  readonly grounds: readonly GroundData[];
  readonly runs: readonly RunData[];
}

/** Sees a whole run for its page: a ground for each settled twin, and for each scenario what its trace does not tell. */
export class PageRecorder {
  readonly #grounds = new Map<SettledTwin, GroundData>();
  readonly #played: { readonly ground: string; readonly recorder: RunRecorder }[] = [];

  /** For `RunSettings.onlooker`. */
  readonly onlooker = (settled: SettledTwin): Onlooker => {
    const recorder = new RunRecorder(settled.twin, settled.base);
    this.#played.push({ ground: this.groundOf(settled).id, recorder });
    return recorder;
  };

  groundOf(settled: SettledTwin): GroundData {
    let ground = this.#grounds.get(settled);
    if (!ground) {
      ground = groundData(`ground-${this.#grounds.size}`, settled);
      this.#grounds.set(settled, ground);
    }
    return ground;
  }

  get grounds(): readonly GroundData[] {
    return [...this.#grounds.values()];
  }

  /** The scenarios of a record in the order in which they were played. */
  seen(index: number): { readonly ground: string; readonly seen: Seen } | undefined {
    const played = this.#played[index];
    return played && { ground: played.ground, seen: played.recorder.seen };
  }
}

const BARE_GROUND = "ground-bare";

/** A record as its page shows it. Without a recorder the page has the traces and no more: no places, no topology. */
export function pageDataOf(record: RunRecord, recorder?: PageRecorder): PageData {
  const runs = record.scenarios.map(({ verdict, trace }, i): RunData => {
    const played = recorder?.seen(i);
    return runDataOf(`run-${i}`, played?.ground ?? BARE_GROUND, verdict, trace, played?.seen);
  });
  const { topology } = record;
  const bare: GroundData = {
    id: BARE_GROUND,
    topology: { name: topology.name, title: topology.name, file: topology.file },
    vertices: [],
    edges: [],
    machines: [],
    clusters: [],
    cells: [],
    places: [],
    nodes: [],
    decisions: [],
    hops: [],
    paths: [],
  };
  return {
    index: {
      version: 1,
      fencepost: record.fencepost,
      topology,
      report: record.report ?? [],
      runs: record.scenarios.map(({ verdict }, i) => headOf(`run-${i}`, verdict)),
    },
    grounds: recorder ? recorder.grounds : [bare],
    runs,
  };
}

/** A run that was judged. */
export function runDataOf(
  id: string,
  ground: string,
  verdict: Verdict,
  trace: readonly TraceEntry[],
  seen: Seen = { places: [], nodes: [], decisions: [], hops: [], paths: [] },
): RunData {
  const { promises, ...judged } = verdict;
  return {
    id,
    ground,
    name: verdict.name,
    title: verdict.title,
    verdict: judged,
    promises: promiseData(promises),
    trace,
    ...seen,
    endMs: verdict.endedAtMs,
  };
}

export function headOf(id: string, verdict: Omit<Verdict, "promises">): RunHead {
  return {
    id,
    name: verdict.name,
    title: verdict.title,
    standing: standingOf(verdict),
    because: verdict.finding ?? verdict.because,
    ...(verdict.recoveryMs !== undefined && { recoveryMs: verdict.recoveryMs }),
    outagesMs: verdict.outagesMs,
  };
}

/** Promises as the strips show them. What a service may be out stands at the end of its evidence: `… of at most 30s`. */
export function promiseData(promises: readonly PromiseResult[]): readonly PromiseData[] {
  return promises.map((promise) => {
    const budget = promise.kind === "served" ? / of at most (\S+)$/.exec(promise.evidence ?? "")?.[1] : undefined;
    const budgetMs = budget === undefined ? undefined : spanMs(budget);
    return { ...promise, ...(budgetMs !== undefined && { budgetMs }) };
  });
}
