import type { WorldHandle } from "../../shell/world-handle.js";
import type { RunbookStep } from "../page/runbook.js";
import { changesOf } from "./changes.js";
import type { PlayedCommand, PlayedStep, Problem } from "./result.js";

/** What is known of a step while it is played. Moments are the twin's, in milliseconds. */
export interface Draft {
  readonly step: RunbookStep;
  readonly problems: Problem[];
  readonly notModelled: string[];
  readonly commands: PlayedCommand[];
  readonly outagesMs: Record<string, number>;
  readonly interfaces: Set<string>;
  node: string;
  startMs: number;
  endMs: number;
  isPlayed: boolean;
}

export function newDraft(step: RunbookStep): Draft {
  return {
    step,
    problems: [],
    notModelled: [],
    commands: [],
    outagesMs: {},
    interfaces: new Set(),
    node: "",
    startMs: 0,
    endMs: 0,
    isPlayed: false,
  };
}

/** A step as the report has it: moments count from the first step's. */
export function finished(draft: Draft, index: number, handle: WorldHandle, firstMs: number): PlayedStep {
  const { step } = draft;
  const isUnknown = draft.notModelled.length > 0;
  const failed = draft.problems.length > 0;
  return {
    index: step.index,
    line: step.line,
    endLine: step.endLine,
    title: step.title || step.heading || `line ${step.line}`,
    kind: step.kind,
    node: draft.node,
    status: !draft.isPlayed ? "not played" : failed ? "failed" : isUnknown ? "unknown" : "ok",
    problems: draft.problems,
    notModelled: draft.notModelled,
    commands: draft.commands,
    atMs: draft.startMs - firstMs,
    durationMs: draft.endMs - draft.startMs,
    changed: draft.isPlayed ? changesOf(handle, index) : [],
    outagesMs: draft.outagesMs,
    interfaces: [...draft.interfaces].sort(),
  };
}
