import type { Request, Response } from "express";
import type { LiveChange } from "../page/live-data.js";

const KEPT_MAX = 500;
const WATCHERS_MAX = 500;
const BEAT_MS = 15_000;

/**
 * Server-sent events to everybody who watches the live run. Each event bears the number of its change; a watcher that
 * comes back says the last that it saw and is sent what came after, once each. Who was away for longer than is kept is
 * told to read the whole.
 */
export class Watchers {
  readonly #watching = new Set<Response>();
  readonly #kept: LiveChange[] = [];

  tell(change: LiveChange): void {
    this.#kept.push(change);
    if (this.#kept.length > KEPT_MAX) this.#kept.shift();
    const text = eventText(change);
    for (const response of this.#watching) response.write(text);
  }

  /** False where too many watch already. */
  watch(request: Request, response: Response, now: number): boolean {
    if (this.#watching.size >= WATCHERS_MAX) return false;
    response.writeHead(200, { "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store" });
    response.write("retry: 1000\n\n");
    const last = lastSeen(request);
    const first = this.#kept[0]?.change ?? now + 1;
    if (last !== undefined && last < now) {
      if (last + 1 < first || last > now) response.write(`id: ${now}\nevent: reset\ndata: {}\n\n`);
      else for (const change of this.#kept) if (change.change > last) response.write(eventText(change));
    }
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
}

/** The browser's own header when it comes back, else what the page says that it has read. */
function lastSeen(request: Request): number | undefined {
  const given = request.headers["last-event-id"] ?? request.query["after"];
  return typeof given === "string" && /^\d{1,9}$/.test(given) ? Number(given) : undefined;
}

function eventText(change: LiveChange): string {
  return `id: ${change.change}\nevent: change\ndata: ${JSON.stringify(change)}\n\n`;
}
