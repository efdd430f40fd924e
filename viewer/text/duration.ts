import { spanMs } from "../../model/topology/span-text.js";

/** Virtual durations for people: `0 ms`, `850 ms`, `4.2 s`, `2 min 05 s`, `3 h 12 min`. Input: integer milliseconds. */
export function durationText(ms: number): string {
  if (!Number.isFinite(ms)) return "never";
  if (ms < 0) return `-${durationText(-ms)}`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  const two = (value: number) => String(value).padStart(2, "0");
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** A moment on a run's virtual clock, to the millisecond: `0:00:41.250`; negative before its first step. */
export function momentText(atMs: number): string {
  if (atMs < 0) return `-${momentText(-atMs)}`;
  const ms = String(atMs % 1_000).padStart(3, "0");
  const seconds = Math.floor(atMs / 1_000);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${Math.floor(seconds / 3_600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}.${ms}`;
}

/**
 * Reads what people type for a moment: `95s`, `1m35s`, `1500ms`, `0:01:35`, `0:01:35.250`, a bare number of seconds.
 * Returns integer milliseconds; undefined where it is none of these.
 */
export function parseMoment(typed: string): number | undefined {
  const text = typed.trim();
  const clock = /^(?:(\d{1,6}):)?(\d{1,2}):(\d{2})(?:\.(\d{1,3}))?$/.exec(text);
  if (clock) {
    const [, hours = "0", minutes = "0", seconds = "0", fraction = "0"] = clock;
    return (
      Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1_000 + Number(fraction.padEnd(3, "0"))
    );
  }
  return spanMs(/^\d+(\.\d+)?$/.test(text) ? `${text}s` : text.replaceAll(/(?<=[a-z])\s+(?=\d)/g, ""));
}
