import { stringify } from "yaml";
import { InputError } from "../../model/errors.js";
import { checkNames } from "../../scenarios/file/check-names.js";
import { formatDuration } from "../../scenarios/file/duration.js";
import { type Scenario, scenarioFromData } from "../../scenarios/file/read-scenario.js";
import type { SettledTwin } from "../../scenarios/runner/prepare.js";
import { runScenario } from "../../scenarios/runner/run-scenario.js";
import {
  type Asked,
  type AskedStep,
  changeOf,
  type DoneStep,
  type LiveChange,
  type LiveRun,
  type Preview,
} from "../page/live-data.js";
import { runDataOf } from "../page/recording.js";
import { RunRecorder } from "../page/run-recorder.js";

export const LIVE = "live";
const GOES_ON_MS = 600_000;
const LONGEST_MS = 6 * 3_600_000;
const STEPS_MAX = 200;
const EVENTS_MAX = 3_000_000;

/** A step as a scenario's timeline has it, at its moment. */
interface Placed {
  readonly atMs: number;
  readonly label: string;
  readonly document: Readonly<Record<string, unknown>>;
}

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
  readonly #settled: SettledTwin;
  readonly #ground: string;
  readonly #version: string;
  readonly #told: (change: LiveChange) => void;
  #timeline: Timeline = { steps: [], goesOnMs: GOES_ON_MS };
  readonly #before: Timeline[] = [];
  #run: LiveRun;
  #labels = 0;

  constructor(settled: SettledTwin, ground: string, version: string, told: (change: LiveChange) => void) {
    this.#settled = settled;
    this.#ground = ground;
    this.#version = version;
    this.#told = told;
    this.#run = this.#play(this.#timeline, 0);
  }

  get run(): LiveRun {
    return this.#run;
  }

  /** What steps would lead to. Throws InputError for steps that fit nothing there. */
  preview(asked: Asked): Preview {
    const timeline = this.#with(asked);
    const { trace, verdict, change: _ } = this.#play(timeline, 0);
    const first = trace.findIndex((entry) => entry.atMs >= asked.atMs && this.#isNew(entry));
    const new_ = first < 0 ? [] : trace.slice(first);
    return {
      atMs: asked.atMs,
      undone: this.#timeline.steps.length + asked.steps.length - timeline.steps.length,
      outagesMs: verdict?.outagesMs ?? {},
      ...(verdict?.recoveryMs !== undefined && { recoveryMs: verdict.recoveryMs }),
      broken: verdict?.promises.filter(({ status }) => status === "broken").map(({ name }) => name) ?? [],
      first: new_.slice(0, 12),
      events: new_.length,
    };
  }

  /** Does it. Throws InputError, and Outrun where the asker has not seen the latest change. */
  act(asked: Asked): LiveRun {
    this.#checkSeen(asked.seen);
    return this.#become(this.#with(asked), asked.atMs);
  }

  /** Back to the timeline before the last thing done; undefined where nothing was done. */
  undo(seen: number): LiveRun | undefined {
    this.#checkSeen(seen);
    const before = this.#before.pop();
    if (!before) return undefined;
    const atMs = this.#timeline.steps.at(-1)?.atMs ?? 0;
    return this.#become(before, atMs, false);
  }

  /** Lets it go on for a while. Throws InputError at the bound. */
  goOn(seen: number): LiveRun {
    this.#checkSeen(seen);
    const goesOnMs = this.#timeline.goesOnMs + GOES_ON_MS;
    if (this.#run.endMs + GOES_ON_MS > LONGEST_MS)
      throw new InputError({ file: "live", line: 0, message: `it goes on for ${formatDuration(LONGEST_MS)} at most` });
    return this.#become({ ...this.#timeline, goesOnMs }, this.#run.endMs);
  }

  /** What was done, as a scenario file; undefined where nothing was. */
  scenarioText(): string | undefined {
    if (this.#timeline.steps.length === 0) return undefined;
    const document = documentOf(this.#timeline, this.#settled.twin.topology.file);
    return `# yaml-language-server: $schema=../../../dist/schema/scenario.json\n${stringify(document)}`;
  }

  /** The same as a test that plays it and holds it to what came of it; undefined where nothing was done. */
  testText(): string | undefined {
    const { verdict } = this.#run;
    if (!verdict || this.#timeline.steps.length === 0) return undefined;
    const { file } = this.#settled.twin.topology;
    const document = documentOf(this.#timeline, file);
    const text = (value: unknown) => JSON.stringify(value, null, 2);
    return `import { expect, test } from "vitest";
import { loadTopology, runScenarios, scenarioFromData, scheduler } from "fencepost";

test("what was done by hand comes out as it did", () => {
  const loaded = loadTopology(${JSON.stringify(file)});
  if (!loaded.ok) throw loaded.errors[0];
  const scenario = scenarioFromData(${text(document)}, "by-hand");
  const { scenarios } = runScenarios([{ scenario, topology: loaded.topology }], { scheduler, version: "test" });
  expect(scenarios[0]?.verdict.outagesMs).toEqual(${text(verdict.outagesMs)});
});
`;
  }

  #become(timeline: Timeline, atMs: number, remember = true): LiveRun {
    const after = this.#play(timeline, this.#run.change + 1);
    if (remember) this.#before.push(this.#timeline);
    this.#timeline = timeline;
    const change = changeOf(this.#run, after, atMs);
    this.#run = after;
    this.#told(change);
    return after;
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

  #play(timeline: Timeline, change: number): LiveRun {
    const { twin, base } = this.#settled;
    const common = { id: LIVE, ground: this.#ground, name: LIVE, title: "Live: what is done here by hand" };
    if (timeline.steps.length === 0) {
      const nothing = { trace: [], places: [], nodes: [], decisions: [], hops: [], paths: [], promises: [] };
      return { ...common, ...nothing, endMs: timeline.goesOnMs, change, steps: [] };
    }
    const scenario = scenarioFromData(documentOf(timeline, twin.topology.file), "live");
    checkNames(scenario, twin.topology);
    const recorder = new RunRecorder(twin, base);
    const { verdict, trace } = runScenario(this.#settled, scenario, { version: this.#version, onlooker: recorder });
    const run = runDataOf(LIVE, this.#ground, verdict, trace, recorder.seen);
    return { ...run, ...common, change, steps: doneSteps(timeline, scenario, verdict.replay) };
  }
}

function documentOf({ steps, goesOnMs }: Timeline, topology: string): Readonly<Record<string, unknown>> {
  return {
    name: "by-hand",
    title: "What was done by hand",
    topology,
    timeline: steps.map(({ document }) => document),
    settle: `${goesOnMs}ms`,
    bounds: { virtualTime: `${LONGEST_MS + GOES_ON_MS}ms`, events: EVENTS_MAX },
  };
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

function doneSteps({ steps }: Timeline, scenario: Scenario, replay: string): readonly DoneStep[] {
  return steps.map(({ atMs, label, document }, i): DoneStep => {
    const { at: _, as: __, ...rest } = document;
    const step = scenario.steps[i];
    const text =
      step?.kind === "operator" ? step.action.command(step.params as never) : Object.values(rest).flat().join(" ");
    const isHealed = steps.some((other) => other.document["heal"] === label);
    return {
      atMs,
      label,
      text: step?.kind === "heal" ? `heal ${String(document["heal"])}` : text,
      inForce: document["fault"] !== undefined && !isHealed,
      command: i === steps.length - 1 ? `fencepost replay ${replay}` : `fencepost run by-hand.scenario.yaml`,
    };
  });
}
