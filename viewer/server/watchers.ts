import type { Request, Response } from "express";
import type { LiveChange } from "../page/live-data.js";

const KEPT_MAX = 500;
const WATCHERS_MAX = 500;
const BEAT_MS = 15_000;

/**
 * Server-sent events to everybody who watches the live run. Each event bears its session and the number of its change; a
 * watcher that comes back says the last that it saw and is sent what came after, once each. Who was away for longer than
 * is kept, or saw another session, is told to read the whole.
 */
export class Watchers {
  readonly #session: () => string;
  readonly #watching = new Set<Response>();
  readonly #kept: LiveChange[] = [];

  constructor(session: () => string) {
    this.#session = session;
  }

  tell(change: LiveChange): void {
    this.#kept.push(change);
    if (this.#kept.length > KEPT_MAX) this.#kept.shift();
    const text = this.#eventText(change);
    for (const response of this.#watching) response.write(text);
  }

  /** False where too many watch already. */
  watch(request: Request, response: Response, now: number): boolean {
    if (this.#watching.size >= WATCHERS_MAX) return false;
    response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store" });
    response.write("retry: 1000\n\n");
    const seen = lastSeen(request);
    if (seen && this.#canFollow(seen, now)) {
      for (const change of this.#kept) if (change.change > seen.change) response.write(this.#eventText(change));
    } else if (seen) response.write(this.#event(now, "reset", {}));
    this.#watching.add(response);
    // A line that says nothing keeps what stands between from closing the connection.
    const beat = setInterval(() => response.write(": \n\n"), BEAT_MS);
    response.on("close", () => {
      clearInterval(beat);
      this.#watching.delete(response);
    });
    return true;
  }

  get count(): number {
    return this.#watching.size;
  }

  /** Whether all that came after what was seen is still kept. */
  #canFollow({ session, change }: Seen, now: number): boolean {
    const first = this.#kept[0]?.change ?? now + 1;
    return session === this.#session() && change <= now && change + 1 >= Math.min(first, now + 1);
  }

  #eventText(change: LiveChange): string {
    return this.#event(change.change, "change", change);
  }

  #event(change: number, event: string, data: object): string {
    return `id: ${this.#session()}.${change}\nevent: ${event}\ndata: ${JSON.stringify({ ...data, session: this.#session() })}\n\n`;
  }
}

interface Seen {
  readonly session: string;
  readonly change: number;
}

/** The browser's own header when it comes back, else what the page says that it has read. */
function lastSeen(request: Request): Seen | undefined {
  const given = request.headers["last-event-id"] ?? request.query["after"];
  const match = typeof given === "string" ? /^([\w-]{1,64})\.(\d{1,9})$/.exec(given) : null;
  return match ? { session: match[1]!, change: Number(match[2]) } : undefined;
}
