import { canonical } from "../../kernel/canonical.js";
import { digestText } from "../../kernel/random.js";
import type { Cib, NodeState, ResourceHistory, XmlElement } from "../cib/types.js";
import { age, attributesTold, type FailuresTold, failuresTold } from "./failures-told.js";

interface Keyed {
  readonly told: FailuresTold;
  readonly key: string;
}

const cibs = new WeakMap<Cib, Keyed>();

/**
 * What a CIB means from a moment on, for the world's key: the configuration, what each node's history says, and ages
 * instead of times, where they count. Versions, call ids and transition ids are history: only the order of calls is
 * kept. A digest, kept with the CIB: members share the one that they have.
 */
export function cibKey(cib: Cib, nowSeconds: number): string {
  const told = failuresTold(cib.configuration, nowSeconds);
  const known = cibs.get(cib);
  if (known && isSame(known.told, told)) return known.key;
  const nodes = [...cib.status.nodes.values()].map((node) => nodeKey(node, told));
  const { "have-quorum": quorum = null, "dc-uuid": dc = null } = cib.attrs;
  const key = digestText(canonical([configurationKey(cib.configuration), quorum, dc, nodes]));
  cibs.set(cib, { told, key });
  return key;
}

function isSame(a: FailuresTold, b: FailuresTold): boolean {
  return a.agesAt === b.agesAt && a.agesTo === b.agesTo && a.countsTo === b.countsTo;
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

function nodeKey(node: NodeState, told: FailuresTold): string {
  const known = nodeKeys.get(node);
  if (known && isSame(known.told, told)) return known.key;
  const key = digestText(canonical(whatNodeSays(node, told)));
  nodeKeys.set(node, { told, key });
  return key;
}

function whatNodeSays(node: NodeState, told: FailuresTold): unknown {
  return [
    node.uname,
    node.inCcm ?? null,
    node.crmd ?? null,
    node.join ?? null,
    node.expected ?? null,
    attributesTold(node.attributes, told),
    [...node.resources.values()].map((resource) => historyKey(resource, told)),
  ];
}

const histories = new WeakMap<ResourceHistory, Keyed & { readonly hasFailed: boolean }>();

/** A digest of one resource's history. Only failures' ages matter to what happens next (failure-timeout). */
export function historyKey(resource: ResourceHistory, told: FailuresTold): string {
  const known = histories.get(resource);
  if (known && (!known.hasFailed || isSame(known.told, told))) return known.key;
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
        isFailure(op) ? age(op.lastRcChange ?? 0, told) : null,
      ]),
    ]),
  );
  histories.set(resource, { told, hasFailed, key });
  return key;
}

function isFailure({ id }: { readonly id: string }): boolean {
  return id.endsWith("_last_failure_0");
}
