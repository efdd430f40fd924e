import { canonical } from "../../kernel/canonical.js";
import { digestText } from "../../kernel/random.js";
import type { Cib, NodeState, OperationHistory, ResourceHistory } from "../cib/types.js";
import { attributesTold, countsTo, restsOnTime } from "./failures-told.js";

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
  const upTo = countsTo(cib.configuration);
  for (const node of cib.status.nodes.values()) {
    const text = nodeText(node, upTo);
    if (text === undefined) return undefined;
    parts.push(text);
  }
  return parts.join("\n");
}

function digestOf(value: object): string {
  return digestText(canonical(value));
}

const heads = new WeakMap<object, { readonly text: string }>();
const nodes = new WeakMap<NodeState, { readonly upTo: number; readonly text: string | undefined }>();

/** One node's part; undefined where a decision may rest on its history. Nodes are values: what does not change is kept. */
function nodeText(node: NodeState, upTo: number): string | undefined {
  let found = nodes.get(node);
  if (found?.upTo !== upTo) {
    found = { upTo, text: wholeNode(node, upTo) };
    nodes.set(node, found);
  }
  return found.text;
}

function wholeNode(node: NodeState, upTo: number): string | undefined {
  const parts: string[] = [stateText(node, upTo)];
  for (const resource of node.resources.values()) {
    const text = remembered(resources, resource, textOf);
    if (text === undefined) return undefined;
    parts.push(text);
  }
  return digestText(parts.join("\n"));
}

function stateText(node: NodeState, upTo: number): string {
  const { id, uname, inCcm, crmd, join, expected, remoteNode, attributes, other } = node;
  const own = attributesTold(attributes, { agesAt: undefined, agesTo: 0, countsTo: upTo });
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
