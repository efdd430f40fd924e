import { applyChange, type LiveChange, type LiveRun } from "../page/live-data.js";
import type { App } from "./app.js";
import type { Server } from "./source.js";

/**
 * Follows the live run: each change is applied once, in order, whatever connections come and go. The browser comes back
 * by itself and says which event it saw last; where the server cannot go on from there, the whole is read again.
 */
export class LiveFollower {
  readonly #app: App;
  readonly #server: Server;
  readonly #id: string;
  #run: LiveRun | undefined;
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
    const events = this.#server.events(`/api/live/events?after=${this.#run!.change}`);
    events.addEventListener("change", ({ data }: MessageEvent<string>) => this.#apply(JSON.parse(data) as LiveChange));
    events.addEventListener("reset", () => void this.#read());
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
    this.#set(await this.#server.get<LiveRun>(`/api/runs/${encodeURIComponent(this.#id)}`));
  }

  #set(run: LiveRun, atMs?: number): void {
    this.#run = run;
    this.#app.replace(run);
    if (atMs !== undefined && this.#app.isLive) this.#app.store.set({ at: Math.min(atMs, run.endMs) });
    for (const listener of this.#listeners) listener(run);
  }
}
