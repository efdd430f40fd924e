import { firstRun } from "../page/order-of-need.js";
import type { GroundData, PageIndex, RunData } from "../page/page-data.js";
import { RunView } from "./data/run-view.js";
import type { Server, Source } from "./source.js";
import { type State, Store } from "./store.js";

/** What the parts of the page share: the state, the data, and the run that is shown. */
export class App {
  readonly store = new Store();
  readonly index: PageIndex;
  readonly #source: Source;
  readonly #grounds = new Map<string, Promise<GroundData>>();
  readonly #views = new Map<string, RunView>();
  #shown: RunView | undefined;
  readonly #onRun = new Set<(view: RunView) => void>();
  /** Told what went wrong, for people; empty once it is right again. */
  onTrouble: (text: string) => void = () => {};

  constructor(index: PageIndex, source: Source) {
    this.index = index;
    this.#source = source;
    const { run } = this.store.state;
    if (!this.headOf(run)) this.store.set({ run: firstRun(index)?.name ?? "" });
    this.store.on((_, changed) => {
      if (changed.has("run")) void this.showRun();
    });
  }

  get state(): State {
    return this.store.state;
  }

  get server(): Server | undefined {
    return this.#source.server;
  }

  /** The run shown; undefined until the first has come. */
  get shown(): RunView | undefined {
    return this.#shown;
  }

  get isLive(): boolean {
    return this.index.live !== undefined && this.headOf(this.state.run)?.id === this.index.live;
  }

  /** By id or by name: links name runs, so that they hold in another report of the same scenarios. */
  headOf(run: string): PageIndex["runs"][number] | undefined {
    return this.index.runs.find(({ id, name }) => name === run || id === run);
  }

  onRun(listener: (view: RunView) => void): void {
    this.#onRun.add(listener);
    if (this.#shown) listener(this.#shown);
  }

  async showRun(): Promise<void> {
    const wanted = this.state.run;
    const head = this.headOf(wanted);
    if (!head) return;
    try {
      const view = await this.load(head.id);
      if (this.state.run !== wanted) return;
      this.show(view);
    } catch (error) {
      this.onTrouble(error instanceof Error ? error.message : String(error));
    }
  }

  show(view: RunView): void {
    this.#shown = view;
    const { at, entry, thing } = this.state;
    this.store.set({
      playing: false,
      at: Math.max(0, Math.min(at, view.run.endMs)),
      entry: view.causes.entry(entry) ? entry : 0,
      thing,
    });
    for (const listener of this.#onRun) listener(view);
  }

  /** A run with its ground. */
  async load(id: string): Promise<RunView> {
    const known = this.#views.get(id);
    if (known) return known;
    const run = await this.#source.run(id);
    const view = new RunView(await this.#ground(run.ground), run);
    this.#views.set(id, view);
    return view;
  }

  /** Replaces what is known of a run: it went on, or was taken back. */
  replace(run: RunData): void {
    const before = this.#views.get(run.id);
    if (!before) return;
    const view = new RunView(before.ground, run);
    this.#views.set(run.id, view);
    if (this.#shown?.run.id !== run.id) return;
    this.#shown = view;
    for (const listener of this.#onRun) listener(view);
  }

  select(thing: string, entry = 0): void {
    this.store.set({ thing, entry });
  }

  #ground(id: string): Promise<GroundData> {
    let ground = this.#grounds.get(id);
    if (!ground) {
      ground = this.#source.ground(id);
      this.#grounds.set(id, ground);
    }
    return ground;
  }
}
