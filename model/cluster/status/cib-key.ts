import { canonical } from "../../kernel/canonical.js";
import { digestText } from "../../kernel/random.js";
import type { Cib, NodeState, ResourceHistory, XmlElement } from "../cib/types.js";
import { restsOnTime } from "./decision-key.js";

/** When ages are taken, in seconds since the epoch; undefined where no decision depends on how old a failure is. */
type AgesAt = number | undefined;

interface Keyed {
  readonly agesAt: AgesAt;
  readonly key: string;
}

const cibs = new WeakMap<Cib, Keyed>();

/**
 * What a CIB means from a moment on, for the world's key: the configuration, what each node's history says, and ages
 * instead of times, where they count. Versions, call ids and transition ids are history: only the order of calls is kept. A digest, kept
 * with the CIB: members share the one that they have.
 */
export function cibKey(cib: Cib, nowSeconds: number): string {
  const agesAt = restsOnTime(cib.configuration) ? nowSeconds : undefined;
  const known = cibs.get(cib);
  if (known && known.agesAt === agesAt) return known.key;
  const nodes = [...cib.status.nodes.values()].map((node) => nodeKey(node, agesAt));
  const { "have-quorum": quorum = null, "dc-uuid": dc = null } = cib.attrs;
  const key = digestText(canonical([configurationKey(cib.configuration), quorum, dc, nodes]));
  cibs.set(cib, { agesAt, key });
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

const nodeKeys = new WeakMap<NodeState, Keyed>();

function nodeKey(node: NodeState, agesAt: AgesAt): string {
  const known = nodeKeys.get(node);
  if (known && known.agesAt === agesAt) return known.key;
  const key = digestText(canonical(whatNodeSays(node, agesAt)));
  nodeKeys.set(node, { agesAt, key });
  return key;
}

function whatNodeSays(node: NodeState, agesAt: AgesAt): unknown {
  return [
    node.uname,
    node.inCcm ?? null,
    node.crmd ?? null,
    node.join ?? null,
    node.expected ?? null,
    attributesKey(node.attributes, agesAt),
    [...node.resources.values()].map((resource) => historyKey(resource, agesAt)),
  ];
}

export function attributesKey(attributes: ReadonlyMap<string, string>, agesAt: AgesAt): unknown {
  return [...attributes].map(([name, value]) => [
    name,
    name.startsWith("last-failure-") || name === "shutdown" ? age(Number(value), agesAt) : value,
  ]);
}

const histories = new WeakMap<ResourceHistory, Keyed & { readonly hasFailed: boolean }>();

/** A digest of one resource's history. Only failures' ages matter to what happens next (failure-timeout). */
export function historyKey(resource: ResourceHistory, agesAt: AgesAt): string {
  const known = histories.get(resource);
  if (known && (!known.hasFailed || known.agesAt === agesAt)) return known.key;
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
        isFailure(op) ? age(op.lastRcChange ?? 0, agesAt) : null,
      ]),
    ]),
  );
  histories.set(resource, { agesAt, hasFailed, key });
  return key;
}

function isFailure({ id }: { readonly id: string }): boolean {
  return id.endsWith("_last_failure_0");
}

/** Older than a day is all the same; where ages do not count, whether it ever was is left. */
function age(seconds: number, agesAt: AgesAt): number | boolean {
  return agesAt === undefined ? seconds > 0 : Math.min(agesAt - seconds, 86_400);
}
