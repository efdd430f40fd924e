import { randomUUID } from "node:crypto";
import { stringify } from "yaml";
import { InputError } from "../../model/errors.js";
import { checkNames } from "../../scenarios/file/check-names.js";
import { formatDuration } from "../../scenarios/file/duration.js";
import { scenarioFromData } from "../../scenarios/file/read-scenario.js";
import type { SettledTwin } from "../../scenarios/runner/prepare.js";
import { runScenario } from "../../scenarios/runner/run-scenario.js";
import {
  type Asked,
  type AskedStep,
  changeOf,
  type Deed,
  type LiveChange,
  type LiveRun,
  type Preview,
} from "../page/live-data.js";
import { runDataOf } from "../page/recording.js";
import { RunRecorder } from "../page/run-recorder.js";
import { shellWord } from "../text/shell-word.js";
import { doneSteps, type Placed } from "./done-steps.js";

export const LIVE = "live";
const GOES_ON_MS = 600_000;
const LONGEST_MS = 6 * 3_600_000;
const STEPS_MAX = 200;
const EVENTS_MAX = 3_000_000;
const LOG_MAX = 200;

export interface LiveSettings {
  readonly version: string;
  readonly seed?: number;
  /** What a command needs besides the topology to play the same: `--set`, `--engine`. */
  readonly flags: readonly string[];
}

type Played = Omit<LiveRun, "session" | "change" | "log">;

interface Timeline {
  readonly steps: readonly Placed[];
  readonly goesOnMs: number;
}

/** Somebody else did something first: the asker looks again. */
export class Outrun extends Error {}

/**
 * The run that people act on. It is always a scenario: what was done so far, played from the settled world, and a while
 * beyond. Acting at a moment drops what was done after it; undo takes the timeline of before. Since the same scenario
 * gives the same trace, nothing else has to be remembered, and what is saved is what was seen.
 */
export class LiveSession {
  /** Another for each start of a server: what was seen of another session says nothing of this one. */
  readonly id = randomUUID();
  readonly #settled: SettledTwin;
  readonly #ground: string;
  readonly #settings: LiveSettings;
  readonly #told: (change: LiveChange) => void;
  #timeline: Timeline = { steps: [], goesOnMs: GOES_ON_MS };
  /** The timelines before each thing done, with what that was. */
  readonly #before: { readonly timeline: Timeline; readonly text: string }[] = [];
  #run: LiveRun;
  #labels = 0;

  constructor(settled: SettledTwin, ground: string, settings: LiveSettings, told: (change: LiveChange) => void) {
    this.#settled = settled;
    this.#ground = ground;
    this.#settings = settings;
    this.#told = told;
    this.#run = { ...this.#play(this.#timeline), session: this.id, change: 0, log: [] };
  }

  get run(): LiveRun {
    return this.#run;
  }

  /** What steps would lead to. Throws InputError for steps that fit nothing there. */
  preview(asked: Asked): Preview {
    const timeline = this.#with(asked);
    const { trace, verdict, promises } = this.#play(timeline);
    const first = trace.findIndex((entry) => entry.atMs >= asked.atMs && this.#isNew(entry));
    const new_ = first < 0 ? [] : trace.slice(first);
    return {
      atMs: asked.atMs,
      undone: this.#timeline.steps.length + asked.steps.length - timeline.steps.length,
      outagesMs: verdict?.outagesMs ?? {},
      ...(verdict?.recoveryMs !== undefined && { recoveryMs: verdict.recoveryMs }),
      broken: promises.filter(({ status }) => status === "broken").map(({ name }) => name),
      first: new_.slice(0, 12),
      events: new_.length,
    };
  }

  /** Does it. Throws InputError, and Outrun where the asker has not seen the latest change. */
  act(asked: Asked): LiveRun {
    this.#checkSeen(asked.seen);
    const timeline = this.#with(asked);
    return this.#become(timeline, asked.atMs, ({ steps }) =>
      steps
        .slice(steps.length - asked.steps.length)
        .map(({ text }) => text)
        .join("; "),
    );
  }

  /** Back to the timeline before the last thing done; undefined where nothing was done. */
  undo(seen: number): LiveRun | undefined {
    this.#checkSeen(seen);
    const before = this.#before.pop();
    if (!before) return undefined;
    const atMs = this.#timeline.steps.at(-1)?.atMs ?? 0;
    return this.#become(before.timeline, atMs, () => `undo: ${before.text}`, false);
  }

  /** Lets it go on for a while. Throws InputError at the bound. */
  goOn(seen: number): LiveRun {
    this.#checkSeen(seen);
    const goesOnMs = this.#timeline.goesOnMs + GOES_ON_MS;
    if (this.#run.endMs + GOES_ON_MS > LONGEST_MS)
      throw new InputError({ file: "live", line: 0, message: `it goes on for ${formatDuration(LONGEST_MS)} at most` });
    const timeline = { ...this.#timeline, goesOnMs };
    return this.#become(timeline, this.#run.endMs, () => `go on for ${formatDuration(GOES_ON_MS)}`);
  }

  /** What was done, as a scenario file; undefined where nothing was. */
  scenarioText(): string | undefined {
    if (this.#timeline.steps.length === 0) return undefined;
    const document = this.#document(this.#timeline);
    return `# yaml-language-server: $schema=../../../dist/schema/scenario.json\n${stringify(document)}`;
  }

  /** The same as a test that plays it and holds it to what came of it; undefined where nothing was done. */
  testText(): string | undefined {
    const { verdict } = this.#run;
    if (!verdict || this.#timeline.steps.length === 0) return undefined;
    const { file } = this.#settled.twin.topology;
    const document = this.#document(this.#timeline);
    const text = (value: unknown) => JSON.stringify(value, null, 2);
    return `import { expect, test } from "vitest";
import { loadTopology, run } from "fencepost";

test("what was done by hand comes out as it did", () => {
  const { verdict } = run(loadTopology(${JSON.stringify(file)}), ${text(document)});
  expect(verdict.outagesMs).toEqual(${text(verdict.outagesMs)});
});
`;
  }

  #become(timeline: Timeline, atMs: number, words: (run: Played) => string, remember = true): LiveRun {
    const played = this.#play(timeline);
    const done: Deed = { atMs, text: words(played), command: this.#command(played) };
    const log = [...this.#run.log, done].slice(-LOG_MAX);
    const after: LiveRun = { ...played, session: this.id, change: this.#run.change + 1, log };
    if (remember) this.#before.push({ timeline: this.#timeline, text: done.text });
    this.#timeline = timeline;
    const change = changeOf(this.#run, after, atMs);
    this.#run = after;
    this.#told(change);
    return after;
  }

  /** What plays it all again in a terminal, up to and with what was done last. */
  #command({ verdict }: Played): string {
    const { file } = this.#settled.twin.topology;
    const flags = ["--topology", file, ...this.#settings.flags].map(shellWord).join(" ");
    return verdict ? `fencepost replay ${verdict.replay} ${flags}` : `fencepost serve ${flags}`;
  }

  #checkSeen(seen: number): void {
    if (seen !== this.#run.change) throw new Outrun("somebody else did something first; look at it, then ask again");
  }

  #isNew(entry: { readonly id: number; readonly what: string }): boolean {
    const before = this.#run.trace.find(({ id }) => id === entry.id);
    return before?.what !== entry.what;
  }

  #with({ atMs, steps }: Asked): Timeline {
    const kept = this.#timeline.steps.filter((step) => step.atMs <= atMs);
    const added = steps.map((step) => this.#placed(atMs, step));
    if (kept.length + added.length > STEPS_MAX)
      throw new InputError({ file: "live", line: 0, message: `at most ${STEPS_MAX} steps are played` });
    return { steps: [...kept, ...added], goesOnMs: GOES_ON_MS };
  }

  #placed(atMs: number, step: AskedStep): Placed {
    const at = `${atMs}ms`;
    if (step.kind === "heal") return { atMs, label: `heal-${step.of}`, document: { at, heal: step.of } };
    const label = `${step.name.slice(0, 28)}-${++this.#labels}`;
    return { atMs, label, document: { at, [step.kind]: step.name, ...spelled(step.params), as: label } };
  }

  #document({ steps, goesOnMs }: Timeline): Readonly<Record<string, unknown>> {
    const { seed } = this.#settings;
    return {
      name: "by-hand",
      title: "What was done by hand",
      topology: this.#settled.twin.topology.file,
      ...(seed !== undefined && { seed }),
      timeline: steps.map(({ document }) => document),
      settle: `${goesOnMs}ms`,
      bounds: { virtualTime: `${LONGEST_MS + GOES_ON_MS}ms`, events: EVENTS_MAX },
    };
  }

  #play(timeline: Timeline): Played {
    const { twin, base } = this.#settled;
    const common = { id: LIVE, ground: this.#ground, name: LIVE, title: "Live: what is done here by hand" };
    if (timeline.steps.length === 0) {
      const nothing = { trace: [], places: [], nodes: [], decisions: [], hops: [], paths: [], promises: [] };
      return { ...common, ...nothing, endMs: timeline.goesOnMs, steps: [] };
    }
    const scenario = scenarioFromData(this.#document(timeline), "live");
    checkNames(scenario, twin.topology);
    const recorder = new RunRecorder(twin, base);
    const { verdict, trace } = runScenario(this.#settled, scenario, {
      version: this.#settings.version,
      onlooker: recorder,
    });
    const run = runDataOf(LIVE, this.#ground, verdict, trace, recorder.seen);
    return { ...run, ...common, steps: doneSteps(timeline.steps, scenario) };
  }
}

/** Parameters as a file spells them: schemas read durations as text with a unit and give milliseconds. */
function spelled(params: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const DURATIONS = /^(takes|by|down|up)$/;
  return Object.fromEntries(
    Object.entries(params).map(([key, value]) => [
      key,
      typeof value === "number" && DURATIONS.test(key) ? `${value}ms` : value,
    ]),
  );
}
