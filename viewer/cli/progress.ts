import { durationText } from "../text/duration.js";

/**
 * Progress on standard error: one line that is rewritten with an estimate on a terminal; elsewhere a plain line now
 * and then, so that a log shows that something goes on. A run that is over in a moment says nothing.
 */
export class Progress {
  readonly #what: string;
  readonly #stream: NodeJS.WriteStream;
  readonly #nowMs: () => number;
  readonly #startedMs: number;
  readonly #isLive: boolean;
  readonly #isQuiet: boolean;
  #saidMs: number;
  #isShown = false;

  constructor(
    what: string,
    options: { readonly quiet?: boolean; readonly stream?: NodeJS.WriteStream; readonly nowMs?: () => number } = {},
  ) {
    this.#what = what;
    this.#stream = options.stream ?? process.stderr;
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#startedMs = this.#nowMs();
    this.#saidMs = this.#startedMs;
    this.#isLive = Boolean(this.#stream.isTTY) && process.env["TERM"] !== "dumb" && !process.env["CI"];
    this.#isQuiet = options.quiet ?? false;
  }

  update(done: number, total: number): void {
    const nowMs = this.#nowMs();
    if (this.#isQuiet || nowMs - this.#startedMs < 500) return;
    if (nowMs - this.#saidMs < (this.#isLive ? 100 : 10_000)) return;
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
