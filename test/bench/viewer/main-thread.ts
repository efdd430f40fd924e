import type { CDPSession } from "playwright-core";

/** What the main thread did for one frame, in milliseconds of its own processor time. */
export interface Frame {
  readonly scriptMs: number;
  /** Of it, what the engine spent on a whole collection of garbage: it comes once in a long while, in whatever runs then. */
  readonly collectorMs: number;
  /** Script, style, layout and painting together. */
  readonly allMs: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  /** The thread's processor time in microseconds: other programs of the machine are not in it. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

const SCRIPT = new Set([
  "EvaluateScript",
  "EventDispatch",
  "FireAnimationFrame",
  "FunctionCall",
  "RunMicrotasks",
  "TimerFire",
  "V8.HandleInterrupts",
]);
const TASK = "RunTask";
const COLLECTOR = "MajorGC";

/** What the main thread does while `body` runs, frame by frame: from one BeginMainThreadFrame to the next. */
export async function framesOf(cdp: CDPSession, body: () => Promise<void>): Promise<readonly Frame[]> {
  const events: TraceEvent[] = [];
  const collect = ({ value }: { value: unknown[] }) => {
    for (const event of value) events.push(event as TraceEvent);
  };
  cdp.on("Tracing.dataCollected", collect);
  await cdp.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: {
      includedCategories: [
        "devtools.timeline",
        "disabled-by-default-devtools.timeline",
        "disabled-by-default-devtools.timeline.frame",
      ],
    },
  });
  await body();
  const ended = new Promise((done) => cdp.once("Tracing.tracingComplete", done));
  await cdp.send("Tracing.end");
  await ended;
  cdp.off("Tracing.dataCollected", collect);
  return frames(events);
}

function frames(events: readonly TraceEvent[]): readonly Frame[] {
  const main = mainThread(events);
  const mine = events.filter(({ pid, tid }) => pid === main.pid && tid === main.tid);
  const starts = mine.filter(({ name }) => name === "BeginMainThreadFrame").map(({ ts }) => ts);
  starts.sort((a, b) => a - b);
  const complete = mine.filter(({ ph }) => ph === "X");
  const script = outermost(complete.filter(({ name }) => SCRIPT.has(name)));
  const collections = complete.filter(({ name }) => name === COLLECTOR);
  const tasks = outermost(complete.filter(({ name }) => name === TASK));
  const frameOf = (ts: number) => {
    let at = 0;
    while (at < starts.length && starts[at]! <= ts) at++;
    return at;
  };
  const sums = Array.from({ length: starts.length + 1 }, () => ({ scriptMs: 0, collectorMs: 0, allMs: 0 }));
  for (const event of script) sums[frameOf(event.ts)]!.scriptMs += workedMs(event);
  for (const event of tasks) sums[frameOf(event.ts)]!.allMs += workedMs(event);
  for (const event of collections)
    if (script.some(({ ts, dur = 0 }) => ts <= event.ts && event.ts < ts + dur))
      sums[frameOf(event.ts)]!.collectorMs += workedMs(event);
  return sums;
}

function workedMs({ tdur, dur }: TraceEvent): number {
  return (tdur ?? dur ?? 0) / 1_000;
}

/** The renderer's main thread that worked most: the page's own. */
function mainThread(events: readonly TraceEvent[]): { readonly pid: number; readonly tid: number } {
  const named = events.filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain");
  const work = (pid: number, tid: number) =>
    events.reduce((sum, event) => sum + (event.pid === pid && event.tid === tid ? (event.dur ?? 0) : 0), 0);
  const [most] = named.map((one) => ({ ...one, work: work(one.pid, one.tid) })).sort((a, b) => b.work - a.work);
  if (!most) throw new Error("Chromium's trace names no main thread");
  return most;
}

/** Those that lie in no other: what they called is in their own time. */
function outermost(events: readonly TraceEvent[]): readonly TraceEvent[] {
  const sorted = [...events].sort((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0));
  const found: TraceEvent[] = [];
  let endTs = Number.NEGATIVE_INFINITY;
  for (const event of sorted) {
    if (event.ts < endTs) continue;
    found.push(event);
    endTs = event.ts + (event.dur ?? 0);
  }
  return found;
}
