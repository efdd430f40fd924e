import type { TraceEntry } from "../../model/kernel/index.js";
import type { PlayedStep, Problem, RunbookResult } from "../../scenarios/runbook/play/result.js";
import type { Onlooker } from "../../scenarios/runner/onlooker.js";
import type { SettledTwin } from "../../scenarios/runner/prepare.js";
import type { PageIndex, RunData, RunHead } from "./page-data.js";
import { type PageData, PageRecorder, promiseData } from "./recording.js";
import type { RunbookData, RunbookStepData } from "./runbook-data.js";

/** Sees runbooks being played, for their page: as `PageRecorder` sees scenarios, and their traces besides. */
export class RunbookRecorder {
  readonly #recorder = new PageRecorder();
  readonly #played: { readonly settled: SettledTwin; readonly text: string; readonly trace: TraceEntry[] }[] = [];

  /** For `PlayOptions.onlooker`, once for each playing, in their order; `text` is the Markdown page. */
  onlooker(settled: SettledTwin, text: string): Onlooker {
    const trace: TraceEntry[] = [];
    const looks = this.#recorder.onlooker(settled);
    this.#played.push({ settled, text, trace });
    return {
      entry(entry) {
        trace.push(entry);
        looks.entry(entry);
      },
      instant: (read, atMs) => looks.instant(read, atMs),
    };
  }

  /** The page of all that was played: a run for each runbook. */
  pageData(results: readonly RunbookResult[], fencepost: string): PageData {
    const runs = results.flatMap((result, i) => {
      const played = this.#played[i];
      return played ? [this.#run(result, i, played.text, played.trace)] : [];
    });
    const first = this.#played[0]?.settled.twin.topology;
    const index: PageIndex = {
      version: 1,
      fencepost,
      topology: { name: first?.name ?? "", file: first?.file ?? "", hash: first?.hash ?? "" },
      report: [],
      runs: results.map((result, i) => headOf(result, i)),
    };
    return { index, grounds: this.#recorder.grounds, runs };
  }

  #run(result: RunbookResult, i: number, text: string, trace: readonly TraceEntry[]): RunData {
    const { ground, seen } = this.#recorder.seen(i)!;
    const { beforeMs, durationMs } = result;
    const promises = result.promises.map((one) =>
      one.atMs === undefined ? one : { ...one, atMs: one.atMs + beforeMs },
    );
    return {
      id: idOf(i),
      ground,
      name: result.name,
      title: result.title,
      promises: promiseData(promises),
      trace,
      ...seen,
      endMs: beforeMs + durationMs + result.settleMs,
      runbook: runbookData(result, text),
    };
  }
}

function idOf(i: number): string {
  return `run-${i}`;
}

function headOf({ name, title, verdict, because, outagesMs }: RunbookResult, i: number): RunHead {
  return { id: idOf(i), name, title, standing: verdict, because, outagesMs };
}

function runbookData(result: RunbookResult, text: string): RunbookData {
  const { file, verdict, because, beforeMs, durationMs, interfaces } = result;
  const problem = (one: Problem) => ({ ...one, atMs: one.atMs + beforeMs });
  const step = ({ index: _, interfaces: __, atMs, durationMs: tookMs, ...rest }: PlayedStep): RunbookStepData => {
    const fromMs = atMs + beforeMs;
    return {
      ...rest,
      ...(rest.status !== "not played" && { fromMs, toMs: fromMs + tookMs }),
      problems: rest.problems.map(problem),
    };
  };
  return {
    ...{ file, verdict, because, text },
    beganMs: beforeMs,
    doneMs: beforeMs + durationMs,
    steps: result.steps.map(step),
    end: result.end.map(problem),
    interfaces,
  };
}
