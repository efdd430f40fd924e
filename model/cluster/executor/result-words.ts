import { type OperationResult, STATUS_DONE, STATUS_ERROR, STATUS_TIMEOUT } from "../status/history.js";

/** OCF exit codes that the executor itself looks at. */
export const RC_OK = 0;
export const RC_NOT_RUNNING = 7;

/** An exit code that no agent means as an answer is an error of execution. */
export function statusOf(operation: string, rc: number): number {
  if (rc === RC_OK) return STATUS_DONE;
  if (operation === "monitor" && (rc === RC_NOT_RUNNING || rc === 8 || rc === 9)) return STATUS_DONE;
  if (operation === "stop" && rc === RC_NOT_RUNNING) return STATUS_DONE;
  return rc === 2 || rc === 4 || rc === 5 || rc === 6 || rc === 1 ? STATUS_DONE : STATUS_ERROR;
}

const WORDS: Readonly<Record<number, string>> = {
  0: "ok",
  1: "error",
  2: "invalid parameter",
  3: "unimplemented feature",
  4: "insufficient privileges",
  5: "not installed",
  6: "not configured",
  7: "not running",
  8: "promoted",
  9: "promoted (failed)",
};

/** The result in Pacemaker's words. */
export function wordFor(result: Pick<OperationResult, "rc" | "status">): string {
  if (result.status === STATUS_TIMEOUT) return "Timed Out";
  return WORDS[result.rc] ?? `exit code ${result.rc}`;
}
