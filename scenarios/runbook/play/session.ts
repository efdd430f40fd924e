import type { Twin } from "../../../model/twin/twin.js";
import type { Step } from "../../file/read-scenario.js";
import type { Onlooker } from "../../runner/onlooker.js";
import type { SettledTwin } from "../../runner/prepare.js";
import { conditionOf } from "../../runner/run-scenario.js";
import type { Deed } from "../../shell/deed.js";
import { Terminal } from "../../shell/terminal.js";
import { WorldHandle } from "../../shell/world-handle.js";
import type { HoldDocument } from "../page/front-matter.js";
import type { Runbook, RunbookStep } from "../page/runbook.js";
import type { Draft } from "./draft.js";
import { harmOf } from "./hazards.js";
import { filled, type Values } from "./placeholders.js";
import type { Problem } from "./result.js";

/** One item of what is played: a step of the page, perhaps not as the page says. */
export interface PlanItem {
  readonly step: RunbookStep;
  /** Typed on the peer of its node instead. */
  readonly onPeer?: boolean;
  /** Nobody takes his time: the step comes at once. */
  readonly atOnce?: boolean;
  /** Something breaks just before it. */
  readonly fault?: Step;
}

export interface PlayOptions {
  /** Instead of the page's own steps in their order. */
  readonly plan?: readonly PlanItem[];
  /** Instead of the page's own start. */
  readonly before?: readonly Step[];
  readonly seed?: number;
  /** Goes on after a step that failed; otherwise the operator stops there, as he should. */
  readonly keepGoing?: boolean;
  /** A roll-back was played: what the steps set need not be taken back by them. */
  readonly isRollBack?: boolean;
  /** Told of each entry and instant, from the start of what came before. */
  readonly onlooker?: Onlooker;
}

/** One playing of a page: the world that it drives, the names that it leaves open, and the step on whose account things go. */
export class Session {
  readonly runbook: Runbook;
  readonly options: PlayOptions;
  readonly seed: number;
  readonly handle: WorldHandle;
  readonly terminal: Terminal;
  readonly drafts: Draft[] = [];
  /** Faults and hand steps so far: a heal names one of them. */
  readonly done: Step[] = [];
  /** The step that is being played. */
  draft: Draft | undefined;
  values: Values = new Map();
  /** Where the next line without a prompt is typed. */
  at: string | undefined;
  /** When the first step began, in the world's time. */
  firstMs = 0;
  /** Outages that came before the first step: the page is not to blame for those. */
  outBefore: ReadonlyMap<string, number> = new Map();

  constructor({ twin, base }: SettledTwin, runbook: Runbook, options: PlayOptions) {
    this.runbook = runbook;
    this.options = options;
    this.seed = options.seed ?? runbook.front.seed;
    const { bounds } = runbook.front;
    this.handle = new WorldHandle(twin, base.withSeed(this.seed), {
      eventsMax: bounds.events,
      virtualMs: bounds.virtualTime,
      onDeed: (deed) => this.#deed(deed),
      ...(options.onlooker && { onlooker: options.onlooker }),
    });
    this.terminal = new Terminal(this.handle, this.seed);
  }

  get twin(): Twin {
    return this.handle.twin;
  }

  found(draft: Draft, problem: Omit<Problem, "atMs">, atMs = this.handle.run.nowMs): void {
    draft.problems.push({ ...problem, atMs: atMs - this.firstMs });
  }

  /** Throws InputError for a placeholder that nobody knows. */
  fill(text: string, line: number): string {
    return filled(text, this.values, this.runbook.file, line);
  }

  condition(document: HoldDocument, line: number) {
    const fill = (text: string | undefined) => (text === undefined ? {} : { text: this.fill(text, line) });
    const node = fill(document.node).text;
    const on = fill(document.on).text;
    return conditionOf({
      within: 0,
      ...document,
      ...(node !== undefined && { node }),
      ...(on !== undefined && { on }),
    });
  }

  #deed(deed: Deed): void {
    const { run } = this.handle;
    const text = harmOf(deed, this.twin, run, () => run.freeze());
    if (text !== undefined && this.draft) this.found(this.draft, { kind: "harm", line: this.draft.step.line, text });
  }
}
