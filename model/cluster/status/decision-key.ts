import { canonical } from "../../kernel/canonical.js";
import { digestText } from "../../kernel/random.js";
import type { Cib, NodeState, OperationHistory, ResourceHistory, XmlElement } from "../cib/types.js";

/**
 * What a decision on a CIB rests on, beside the configuration, as one text: two CIBs of one configuration with the same
 * key are decided alike at any time. Undefined where a decision may rest on times, or on which transition left a
 * result: where failures expire, rules know dates, or something migrated.
 *
 * Of an operation the scheduler reads what was run, what came of it, what was expected and the digests; call ids and
 * times of change it reads to put a resource's operations in order. That order is kept, the numbers are not.
 */
export function decisionKey(cib: Cib): string | undefined {
  if (restsOnTime(cib.configuration)) return undefined;
  const parts = [cib.attrs, cib.notes, cib.status.tickets].map((part) => remembered(heads, part, digestOf));
  for (const node of cib.status.nodes.values()) {
    const text = remembered(nodes, node, wholeNode);
    if (text === undefined) return undefined;
    parts.push(text);
  }
  return parts.join("\n");
}

function digestOf(value: object): string {
  return digestText(canonical(value));
}

const heads = new WeakMap<object, { readonly text: string }>();
const nodes = new WeakMap<NodeState, { readonly text: string | undefined }>();

/** One node's part; undefined where a decision may rest on its history. Nodes are values: what does not change is kept. */
function wholeNode(node: NodeState): string | undefined {
  const parts: string[] = [nodeText(node)];
  for (const resource of node.resources.values()) {
    const text = remembered(resources, resource, textOf);
    if (text === undefined) return undefined;
    parts.push(text);
  }
  return digestText(parts.join("\n"));
}

const timed = new WeakMap<XmlElement, boolean>();

/** Whether decisions may depend on when something happened: failures expire, rules know dates, locks or results time out. */
export function restsOnTime(configuration: XmlElement): boolean {
  let found = timed.get(configuration);
  if (found === undefined) {
    found = mentionsTime(configuration);
    timed.set(configuration, found);
  }
  return found;
}

const TIMED = /^(failure-timeout|shutdown-lock.*|date_expression|lifetime|.*pending-timeout)$/;

function mentionsTime({ name, attrs, children }: XmlElement): boolean {
  if (TIMED.test(name)) return true;
  for (const [key, value] of Object.entries(attrs)) if (TIMED.test(key) || TIMED.test(value)) return true;
  return children.some(mentionsTime);
}

function nodeText({ id, uname, inCcm, crmd, join, expected, remoteNode, attributes, other }: NodeState): string {
  const own = [...attributes].map(([name, value]) => [
    name,
    name.startsWith("last-failure-") || name === "shutdown" ? Number(value) > 0 : value,
  ]);
  return canonical([id, uname, inCcm, crmd, join, expected, remoteNode, own, other]);
}

const resources = new WeakMap<ResourceHistory, { readonly text: string | undefined }>();

function remembered<T extends object, S extends string | undefined>(
  known: WeakMap<T, { readonly text: S }>,
  value: T,
  textFor: (value: T) => S,
): S {
  let found = known.get(value);
  if (!found) {
    found = { text: textFor(value) };
    known.set(value, found);
  }
  return found.text;
}

function textOf({ id, class: of, provider, type, container, shutdownLock, operations }: ResourceHistory) {
  if (shutdownLock !== undefined || operations.some(mayRestOnHistory)) return undefined;
  const calls = [...new Set(operations.map(({ callId }) => callId))].sort((a, b) => a - b);
  const changes = [...new Set(operations.map(({ lastRcChange = -1 }) => lastRcChange))].sort((a, b) => a - b);
  const all = operations.map((op) => [
    op.id,
    op.operation,
    op.operationKey,
    op.intervalMs,
    calls.indexOf(op.callId),
    changes.indexOf(op.lastRcChange ?? -1),
    op.rcCode,
    op.opStatus,
    targetOf(op.transitionKey),
    targetOf(op.transitionMagic),
    op.onNode,
    op.opDigest,
    op.opForceRestart,
    op.opRestartDigest,
    op.crmFeatureSet,
    op.other,
  ]);
  return digestText(canonical([id, of, provider, type, container, all]));
}

/** Where call ids are missing the transitions are compared, and what migrated is compared across nodes by time. */
function mayRestOnHistory({ callId, operation, migrateSource, migrateTarget }: OperationHistory): boolean {
  return callId < 0 || operation.startsWith("migrate") || migrateSource !== undefined || migrateTarget !== undefined;
}

/** `ACTION:TRANSITION:TARGET-RC:UUID`, perhaps with the result before it: all but the numbers of action and transition. */
function targetOf(key: string): string {
  return key.replace(/^(?:(\d+:-?\d+;))?-?\d+:-?\d+:/, "$1");
}
