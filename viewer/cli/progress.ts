import { durationText } from "../text/duration.js";

/**
 * Progress on standard error: one line that is rewritten with an estimate on a terminal; elsewhere a plain line now
 * and then, so that a log shows that something goes on.
 */
export class Progress {
  readonly #what: string;
  readonly #stream: NodeJS.WriteStream;
  readonly #startedMs = performance.now();
  readonly #isLive: boolean;
  #saidMs = 0;
  #isShown = false;

  constructor(what: string, options: { readonly quiet?: boolean; readonly stream?: NodeJS.WriteStream } = {}) {
    this.#what = what;
    this.#stream = options.stream ?? process.stderr;
    this.#isLive = Boolean(this.#stream.isTTY) && process.env["TERM"] !== "dumb" && !process.env["CI"];
    if (options.quiet) this.#saidMs = Number.POSITIVE_INFINITY;
  }

  update(done: number, total: number): void {
    const nowMs = performance.now();
    const everyMs = this.#isLive ? 100 : 10_000;
    if (nowMs - this.#startedMs < 500 || nowMs - this.#saidMs < everyMs) return;
    this.#saidMs = nowMs;
    const leftMs = ((nowMs - this.#startedMs) / Math.max(1, done)) * (total - done);
    const text = `${this.#what}: ${done} of ${total}, about ${durationText(leftMs)} left`;
    this.#stream.write(this.#isLive ? `\r\u001b[2K${text}` : `${text}\n`);
    this.#isShown = this.#isLive;
  }

  /** Clears the live line. */
  end(): void {
    if (this.#isShown) this.#stream.write("\r\u001b[2K");
    this.#isShown = false;
  }
}
