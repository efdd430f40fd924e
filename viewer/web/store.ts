/** What a person looks at. The part that a link must carry stands in the address bar. */
export interface State {
  /** A run's id. */
  readonly run: string;
  readonly view: string;
  /** The moment shown, in milliseconds of the run. */
  readonly at: number;
  /** The subject selected: `node/web1`. */
  readonly thing: string;
  /** The trace entry selected; 0 for none. */
  readonly entry: number;
  /** What is told at the side: a panel's id; the first that applies where it is empty. */
  readonly panel: string;
  /** Another run, to compare with. */
  readonly with: string;
  readonly filter: string;
  /** Lanes kept at the top. */
  readonly pins: readonly string[];
  readonly playing: boolean;
  readonly speed: number;
  readonly theme: "auto" | "light" | "dark";
}

const INITIAL: State = {
  run: "",
  view: "placement",
  at: 0,
  thing: "",
  entry: 0,
  panel: "",
  with: "",
  filter: "",
  pins: [],
  playing: false,
  speed: 1,
  theme: "auto",
};

const { playing: _, speed: __, theme: ___, pins: ____, run: _____, ...NAMED } = INITIAL;

type Listener = (state: State, changed: ReadonlySet<keyof State>) => void;

/** The page's state, told to whoever listens, and kept in the address bar. */
export class Store {
  #state: State;
  readonly #listeners = new Set<Listener>();
  #written = 0;
  #timer: number | undefined;

  constructor() {
    this.#state = { ...INITIAL, ...fromAddress(location.hash) };
    // A link names the whole: what it leaves out is as at first, not as it was here.
    addEventListener("hashchange", () => this.set({ ...NAMED, ...fromAddress(location.hash) }));
  }

  get state(): State {
    return this.#state;
  }

  set(change: Partial<State>): void {
    const changed = new Set<keyof State>();
    for (const key of Object.keys(change) as (keyof State)[])
      if (!isSame(change[key], this.#state[key])) changed.add(key);
    if (changed.size === 0) return;
    this.#state = { ...this.#state, ...change };
    for (const listener of [...this.#listeners]) listener(this.#state, changed);
    this.#remember();
  }

  on(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Browsers refuse an address that changes too often: at most five times a second, and always the last. */
  #remember(): void {
    const now = Date.now();
    clearTimeout(this.#timer);
    if (now - this.#written < 200) {
      this.#timer = setTimeout(() => this.#remember(), 200) as unknown as number;
      return;
    }
    this.#written = now;
    history.replaceState(null, "", addressOf(this.#state));
  }
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((x, i) => x === b[i]));
}

/** The link that opens the same run, view, thing and moment. */
export function addressOf(state: State): string {
  const parts = new URLSearchParams();
  parts.set("run", state.run);
  parts.set("view", state.view);
  parts.set("at", String(Math.round(state.at)));
  if (state.thing) parts.set("thing", state.thing);
  if (state.entry) parts.set("entry", String(state.entry));
  if (state.panel) parts.set("panel", state.panel);
  if (state.with) parts.set("with", state.with);
  if (state.filter) parts.set("filter", state.filter);
  return `#${parts}`;
}

const TEXT_MAX = 2_000;

export function fromAddress(hash: string): Partial<State> {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const text = (key: string) => parts.get(key)?.slice(0, TEXT_MAX);
  const whole = (key: string) => {
    const value = Number(parts.get(key));
    return parts.has(key) && Number.isFinite(value) ? Math.trunc(value) : undefined;
  };
  const found: Record<string, unknown> = {};
  for (const key of ["run", "view", "thing", "panel", "with", "filter"]) {
    const value = text(key);
    if (value !== undefined) found[key] = value;
  }
  for (const key of ["at", "entry"]) {
    const value = whole(key);
    if (value !== undefined) found[key] = value;
  }
  return found as Partial<State>;
}
