import { compareVersions } from "../../cib/rules.js";
import { withoutNumber } from "../state/names.js";
import { addScores, parseScore } from "../state/score.js";
import type { ClusterState } from "../state/state.js";
import { F, type Node, type Resource } from "../state/working.js";

export interface FailCount {
  /** The sum over the resource's operations; INFINITY where one of them must not be tried again. */
  readonly count: number;
  /** Seconds since the epoch; 0 where no failure is remembered. */
  readonly lastFailure: number;
}

const NO_FAILURES: FailCount = { count: 0, lastFailure: 0 };

/** Which failures count. */
export interface FailCountOptions {
  /** Leave out what has expired by failure-timeout. */
  readonly effective?: boolean;
  /** Add what a container holds. */
  readonly fillers?: boolean;
}

/** How often a resource failed on a node, by the node's `fail-count-RESOURCE#OPERATION_INTERVAL` attributes. */
export function failCount(
  state: ClusterState,
  resource: Resource,
  node: Node,
  { effective = true, fillers = false }: FailCountOptions = {},
): FailCount {
  let result = node.hasFailures ? readFailures(state, resource, node) : NO_FAILURES;
  if (result.count > 0 && effective && resource.failureTimeoutMs > 0 && !state.blocksExpiry(resource, node)) {
    const expiry = countExpiry(resource, result.lastFailure);
    if (result.lastFailure > 0 && expiry <= state.nowEpochSeconds) result = { ...result, count: 0 };
    else if (result.lastFailure > 0) state.recheckBy(expiry);
  }
  if (!fillers) return result;
  let { count, lastFailure } = result;
  for (const filler of resource.fillers) {
    const more = failCount(state, filler, node, { effective, fillers: false });
    count = addScores(count, more.count);
    lastFailure = Math.max(lastFailure, more.lastFailure);
  }
  return { count, lastFailure };
}

/**
 * From which second on failures do not count any more, the last of them having been in that second: an operation's
 * result is forgotten a second earlier.
 */
export function countExpiry({ failureTimeoutMs }: Resource, lastFailure: number): number {
  return lastFailure + Math.floor(failureTimeoutMs / 1000) + 1;
}

/** Since feature set 3.0.13 (Pacemaker 1.1.17), failures are counted for each operation. */
function countsOperations(state: ClusterState): boolean {
  const written = state.cib.attrs["crm_feature_set"];
  return written !== undefined && compareVersions(written, "3.0.13") >= 0;
}

function readFailures(state: ClusterState, resource: Resource, node: Node): FailCount {
  const name = resource.is(F.Unique) ? resource.historyName : withoutNumber(resource.historyName);
  const perOperation = countsOperations(state);
  let count = 0;
  let lastFailure = 0;
  for (const [attribute, value] of node.attributes) {
    if (attribute.startsWith("fail-count-")) {
      if (isAbout(attribute, 11, name, resource, perOperation)) count = addScores(count, parseScore(value));
    } else if (attribute.startsWith("last-failure-")) {
      if (isAbout(attribute, 13, name, resource, perOperation)) {
        lastFailure = Math.max(lastFailure, Number.parseInt(value, 10) || 0);
      }
    }
  }
  return count === 0 && lastFailure === 0 ? NO_FAILURES : { count, lastFailure };
}

/**
 * Whether an attribute's name from `from` on is NAME, NAME:N (of anonymous instances) and, where failures are counted
 * for each operation, #OPERATION_INTERVAL.
 */
function isAbout(attribute: string, from: number, name: string, resource: Resource, perOperation: boolean): boolean {
  if (!attribute.startsWith(name, from)) return false;
  let at = from + name.length;
  if (attribute[at] === ":" && !resource.is(F.Unique)) {
    let digits = at + 1;
    while (digits < attribute.length && attribute.charCodeAt(digits) >= 0x30 && attribute.charCodeAt(digits) <= 0x39) {
      digits++;
    }
    if (digits === at + 1) return false;
    at = digits;
  }
  return perOperation ? attribute[at] === "#" : at === attribute.length;
}
