import type { OperationHistory } from "../../cib/types.js";
import { parseKey } from "./history.js";

/** PCMK_LRM_OP_*: what became of an operation, apart from its exit code. */
export const OpStatus = {
  Pending: -1,
  Done: 0,
  Cancelled: 1,
  Timeout: 2,
  NotSupported: 3,
  Error: 4,
  ErrorHard: 5,
  ErrorFatal: 6,
  NotInstalled: 7,
  NotConnected: 8,
  Invalid: 9,
  NoFenceDevice: 10,
  NoSecrets: 11,
} as const;

/** OCF exit codes that mean more than success or failure. */
export const Rc = {
  Ok: 0,
  Error: 1,
  InvalidParam: 2,
  Unimplemented: 3,
  InsufficientPrivileges: 4,
  NotInstalled: 5,
  NotConfigured: 6,
  NotRunning: 7,
  RunningPromoted: 8,
  FailedPromoted: 9,
  Degraded: 190,
  DegradedPromoted: 191,
} as const;

export function isProbe(op: OperationHistory): boolean {
  return op.operation === "monitor" && op.intervalMs === 0;
}

/** The exit code an operation was to have; -1 where nothing says so. */
export function targetRc(op: OperationHistory): number {
  const key = parseKey(op.transitionKey !== "" ? op.transitionKey : op.transitionMagic);
  return key?.targetRc ?? -1;
}

/** A monitor's degraded success counts as a success; of other operations it is no success at all. */
export function effectiveRc({ operation, rcCode }: OperationHistory): number {
  if (operation !== "monitor") return rcCode;
  if (rcCode === Rc.Degraded) return Rc.Ok;
  return rcCode === Rc.DegradedPromoted ? Rc.RunningPromoted : rcCode;
}
