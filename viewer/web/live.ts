import { applyChange, type LiveChange, type LiveRun } from "../page/live-data.js";
import type { App } from "./app.js";
import type { Server } from "./source.js";

/** How long after a connection that the browser gave up another is tried. */
const AGAIN_MS = 2_000;
const LOST = "The connection to the server is lost; trying again. What you see is how it was.";

/**
 * Follows the live run: each change is applied once, in order, whatever connections come and go. The browser comes back
 * by itself and says which event it saw last; where the server cannot go on from there, the whole is read again; where it
 * was started anew, the page is too.
 */
export class LiveFollower {
  readonly #app: App;
  readonly #server: Server;
  readonly #id: string;
  #run: LiveRun | undefined;
  #events: EventSource | undefined;
  readonly #listeners = new Set<(run: LiveRun) => void>();

  constructor(app: App, server: Server, id: string) {
    this.#app = app;
    this.#server = server;
    this.#id = id;
  }

  get run(): LiveRun | undefined {
    return this.#run;
  }

  on(listener: (run: LiveRun) => void): void {
    this.#listeners.add(listener);
    if (this.#run) listener(this.#run);
  }

  async start(): Promise<void> {
    await this.#read();
    this.#watch();
    // A page in the background holds no connection: a browser has but six for one server.
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.#events?.close();
      else if (this.#events?.readyState === EventSource.CLOSED) this.#watch();
    });
  }

  #watch(): void {
    const { session, change } = this.#run!;
    const events = this.#server.events(`/api/live/events?after=${session}.${change}`);
    this.#events = events;
    events.addEventListener("open", () => this.#app.onTrouble(""));
    events.addEventListener("change", ({ data }: MessageEvent<string>) => this.#apply(JSON.parse(data) as LiveChange));
    events.addEventListener("reset", ({ data }: MessageEvent<string>) => {
      if ((JSON.parse(data) as { session: string }).session !== this.#run?.session) location.reload();
      else void this.#read();
    });
    events.addEventListener("error", () => {
      if (events !== this.#events || document.hidden) return;
      this.#app.onTrouble(LOST);
      // The browser tries again by itself, but not after an answer that is no stream.
      if (events.readyState === EventSource.CLOSED)
        setTimeout(() => events === this.#events && this.#watch(), AGAIN_MS);
    });
  }

  #apply(change: LiveChange): void {
    if (!this.#run || change.change <= this.#run.change) return;
    if (change.change !== this.#run.change + 1) {
      void this.#read();
      return;
    }
    this.#set(applyChange(this.#run, change), change.atMs);
  }

  async #read(): Promise<void> {
    const run = await this.#server.get<LiveRun>(`/api/runs/${encodeURIComponent(this.#id)}`);
    // An answer that was overtaken by events is older than what is known.
    if (this.#run && run.session === this.#run.session && run.change < this.#run.change) return;
    this.#set(run);
  }

  #set(run: LiveRun, atMs?: number): void {
    this.#run = run;
    this.#app.replace(run);
    if (atMs !== undefined && this.#app.isLive) this.#app.store.set({ at: Math.min(atMs, run.endMs) });
    for (const listener of this.#listeners) listener(run);
  }
}
