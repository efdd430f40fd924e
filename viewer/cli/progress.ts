import { durationText } from "../text/duration.js";

/** What is done so soon was remembered (a campaign's file), or was nothing to do: no measure of what is left. */
const AT_ONCE_MS = 500;

/**
 * Progress on standard error: one line that is rewritten with an estimate on a terminal; elsewhere a plain line now
 * and then, so that a log shows that something goes on. A run that is over in a moment says nothing. Work in several
 * parts is estimated part by part.
 */
export class Progress {
  readonly #what: string;
  readonly #stream: NodeJS.WriteStream;
  readonly #nowMs: () => number;
  readonly #startedMs: number;
  readonly #isLive: boolean;
  readonly #isQuiet: boolean;
  #part: { readonly name: string; readonly startedMs: number; doneAtOnce: number };
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
    this.#part = { name: "", startedMs: this.#startedMs, doneAtOnce: 0 };
    this.#saidMs = this.#startedMs;
    this.#isLive = Boolean(this.#stream.isTTY) && process.env["TERM"] !== "dumb" && !process.env["CI"];
    this.#isQuiet = options.quiet ?? false;
  }

  update(done: number, total: number, partName = ""): void {
    const nowMs = this.#nowMs();
    if (partName !== this.#part.name) this.#part = { name: partName, startedMs: nowMs, doneAtOnce: 0 };
    const part = this.#part;
    if (nowMs - part.startedMs < AT_ONCE_MS) part.doneAtOnce = done;
    if (this.#isQuiet || nowMs - this.#startedMs < 500) return;
    if (nowMs - this.#saidMs < (this.#isLive ? 100 : 10_000)) return;
    this.#saidMs = nowMs;
    const doneSince = done - part.doneAtOnce;
    const leftMs = ((nowMs - part.startedMs) / doneSince) * (total - done);
    const left = doneSince > 0 ? `, about ${durationText(leftMs)} left` : "";
    const text = `${this.#what}${partName && `, ${partName}`}: ${done} of ${total}${left}`;
    this.#stream.write(this.#isLive ? `\r\u001b[2K${text}` : `${text}\n`);
    this.#isShown = this.#isLive;
  }

  /** Clears the live line. */
  end(): void {
    if (this.#isShown) this.#stream.write("\r\u001b[2K");
    this.#isShown = false;
  }
}
