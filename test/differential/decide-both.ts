import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCib } from "../../model/cluster/cib/read.js";
import { scheduler } from "../../model/cluster/scheduler/index.js";
import { graphElement } from "../../model/cluster/scheduler/print/graph-xml.js";
import { simulate } from "../../model/cluster/scheduler/simulate/simulate.js";
import { graphLines, parseGraph, withoutStuck } from "./graphs.js";
import { type Disagreement, difference, disagreement, untilExecution } from "./sections.js";

/** A fixed day: rules and failure-timeouts must not depend on when the test runs. */
export const DATE = "2026-01-01T00:00:00Z";

/** What the program printed and how it ended. */
interface Answer {
  readonly text: string;
  readonly errors: string;
  /** Exit status, or the name of the signal that killed it (ours, where it did not come to an end). */
  readonly ended: number | string;
}

/** It decides on what is compared here in less than a second. */
const LONGEST_SECONDS = 30;

/**
 * Ways in which the program itself gives up on a CIB, and what is left to compare. They are told by what the program
 * says of itself, never by what we would have said.
 */
const GAVE_UP = {
  /** One of its own assertions failed before it printed a decision: nothing is left. */
  assertion: "failed one of its own assertions: nothing to compare",
  /** Its graph has a circle, which it notices when it plays it: all before that is compared. */
  circle: "made a graph that it could not execute: compared up to the execution",
  /** It never ends, as when it compares what are no versions: nothing is left. */
  endless: `did not come to an end within ${LONGEST_SECONDS} seconds: nothing to compare`,
  /** The CIB is not valid by its schema: nothing is left. */
  refusal: "refused the configuration: nothing to compare",
} as const;

/** Exit status of the program for a configuration that its schema does not allow. */
const REFUSED = 78;

/** The signal that ends it where it does not end itself. */
const ENDLESS: NodeJS.Signals = "SIGXCPU";

/** Lets the installed program and ours decide on CIBs; keeps its scratch files until `end`. */
export class Both {
  readonly #folder = mkdtempSync(join(tmpdir(), "fencepost-differential-"));
  #files = 0;
  /** On how many CIBs the program gave up, by how. */
  readonly gaveUp = new Map<string, number>();
  readonly #graphs: boolean;

  /** With `graphs`, the actions and orderings of the transition graph are compared too, not only what is printed. */
  constructor({ graphs }: { graphs: boolean }) {
    this.#graphs = graphs;
  }

  /** Where the two disagree on a CIB (printed text, then the transition graph) at a date; undefined where they agree. */
  async compare(xml: string, date = DATE): Promise<Disagreement | undefined> {
    const file = join(this.#folder, `${this.#files++}`);
    writeFileSync(`${file}.xml`, xml);
    const theirs = await ask(`${file}.xml`, `${file}.graph`, date);
    const failure = this.#failure(theirs);
    if (failure !== undefined && failure !== GAVE_UP.circle) return undefined;
    const ours = simulate(readCib(xml, "cib.xml"), scheduler, {
      // What the program records of the actions it plays has the time of the clock, whatever the date that it decides at.
      nowEpochSeconds: Math.floor(Date.now() / 1_000),
      setDatetime: date,
    });
    const isCircle = failure === GAVE_UP.circle;
    if (isCircle) {
      const found = disagreement(untilExecution(theirs.text), untilExecution(ours.text));
      if (found) return found;
    }
    if (!isCircle && theirs.ended !== 0) {
      return { section: `ended with ${theirs.ended}`, onlyPacemaker: theirs.errors.split("\n"), onlyFencepost: [] };
    }
    const found = isCircle ? undefined : disagreement(theirs.text, ours.text);
    if (found || !this.#graphs) return found;
    const graph = withoutStuck(parseGraph(readFileSync(`${file}.graph`, "utf8")));
    return difference("transition graph", graphLines(graph), graphLines(graphElement(ours)));
  }

  #failure({ ended, errors }: Answer): string | undefined {
    if (ended === 0) return undefined;
    let how: string | undefined;
    if (ended === ENDLESS) how = GAVE_UP.endless;
    else if (ended === "SIGABRT" && errors.includes("assert")) how = GAVE_UP.assertion;
    else if (errors.includes("An invalid transition was produced")) how = GAVE_UP.circle;
    else if (ended === REFUSED && errors.includes("Relax-NG")) how = GAVE_UP.refusal;
    if (how !== undefined) this.gaveUp.set(how, (this.gaveUp.get(how) ?? 0) + 1);
    return how;
  }

  end(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function ask(file: string, graph: string, date: string): Promise<Answer> {
  const options = {
    timeout: LONGEST_SECONDS * 1_000,
    killSignal: ENDLESS,
    maxBuffer: 1 << 26,
    env: { ...process.env, TZ: "UTC" },
  };
  return new Promise((resolve) => {
    execFile("crm_simulate", ["-S", "-x", file, "-t", date, "-G", graph], options, (error, text, errors) => {
      resolve({ text, errors, ended: error === null ? 0 : (error.code ?? error.signal ?? "an error") });
    });
  });
}
