import { canonical } from "../../kernel/canonical.js";
import { digestText } from "../../kernel/random.js";
import type { Cib, NodeState, ResourceHistory, XmlElement } from "../cib/types.js";

const cibs = new WeakMap<Cib, Keyed & { readonly atSeconds: number }>();

/**
 * What a CIB means from a moment on, for the world's key: the configuration, what each node's history says, and ages
 * instead of times. Versions, call ids and transition ids are history: only the order of calls is kept. A digest, kept
 * with the CIB: members share the one that they have.
 */
export function cibKey(cib: Cib, nowSeconds: number): string {
  const known = cibs.get(cib);
  if (known?.atSeconds === nowSeconds) return known.key;
  const nodes = [...cib.status.nodes.values()].map((node) => nodeKey(node, nowSeconds));
  const { "have-quorum": quorum = null, "dc-uuid": dc = null } = cib.attrs;
  const key = digestText(canonical([configurationKey(cib.configuration), quorum, dc, nodes]));
  cibs.set(cib, { atSeconds: nowSeconds, key });
  return key;
}

const configurations = new WeakMap<XmlElement, string>();

/** A digest: configurations are large and seldom change. */
export function configurationKey(configuration: XmlElement): string {
  let found = configurations.get(configuration);
  if (found === undefined) {
    found = digestText(canonical(configuration));
    configurations.set(configuration, found);
  }
  return found;
}

function nodeKey(node: NodeState, nowSeconds: number): unknown {
  return [
    node.uname,
    node.inCcm ?? null,
    node.crmd ?? null,
    node.join ?? null,
    node.expected ?? null,
    attributesKey(node.attributes, nowSeconds),
    [...node.resources.values()].map((resource) => historyKey(resource, nowSeconds)),
  ];
}

export function attributesKey(attributes: ReadonlyMap<string, string>, nowSeconds: number): unknown {
  return [...attributes].map(([name, value]) => [
    name,
    name.startsWith("last-failure-") || name === "shutdown" ? age(Number(value), nowSeconds) : value,
  ]);
}

interface Keyed {
  /** Undefined where the key is the same at any time. */
  readonly atSeconds: number | undefined;
  readonly key: string;
}

const histories = new WeakMap<ResourceHistory, Keyed>();

/** A digest of one resource's history. Only failures' ages matter to what happens next (failure-timeout). */
export function historyKey(resource: ResourceHistory, nowSeconds: number): string {
  const known = histories.get(resource);
  if (known && (known.atSeconds === undefined || known.atSeconds === nowSeconds)) return known.key;
  const ordered = [...resource.operations].sort((a, b) => a.callId - b.callId);
  const hasFailed = ordered.some(isFailure);
  const key = digestText(
    canonical([
      resource.id,
      ordered.map((op) => [
        op.id,
        op.operationKey,
        op.rcCode,
        op.opStatus,
        op.opDigest ?? null,
        isFailure(op) ? age(op.lastRcChange ?? 0, nowSeconds) : null,
      ]),
    ]),
  );
  histories.set(resource, { atSeconds: hasFailed ? nowSeconds : undefined, key });
  return key;
}

function isFailure({ id }: { readonly id: string }): boolean {
  return id.endsWith("_last_failure_0");
}

/** Older than a day is all the same. */
function age(seconds: number, nowSeconds: number): number {
  return Math.min(nowSeconds - seconds, 86_400);
}
