import type { RunbookStepData } from "../../page/runbook-data.js";
import type { Lane, Segment } from "./lanes.js";
import type { RunView } from "./run-view.js";
import type { Look, Tone } from "./tone.js";

/** The lane of a runbook's steps. */
export const STEPS = "runbook/steps";

const LOOKS: Readonly<Record<RunbookStepData["status"], Look>> = {
  ok: { shape: "filled", tone: "good", text: "ok" },
  failed: { shape: "cross", tone: "bad", text: "failed" },
  unknown: { shape: "half", tone: "busy", text: "unknown" },
  "not played": { shape: "dash", tone: "idle", text: "not played" },
};

export function stepLook(status: RunbookStepData["status"]): Look {
  return LOOKS[status];
}

/** The position of the step that is being played at a moment, or was last; -1 before the first. */
export function stepAt(steps: readonly RunbookStepData[], atMs: number): number {
  return steps.findLastIndex(({ fromMs }) => fromMs !== undefined && fromMs <= atMs);
}

/** The steps over time; undefined where no runbook was played. */
export function stepsLane({ run }: RunView): Lane | undefined {
  if (!run.runbook) return undefined;
  const segments = run.runbook.steps.flatMap(({ fromMs, toMs, title, status }, i): Segment[] =>
    fromMs === undefined || toMs === undefined
      ? []
      : [{ fromMs, toMs, label: `${i + 1}. ${title}`, tone: stepLook(status).tone satisfies Tone }],
  );
  return { subject: STEPS, others: [], group: "runbook", segments, marks: [] };
}
