import type { Cib, NodeState, ResourceHistory } from "../cib/types.js";

/**
 * What a CIB means from a moment on, for the world's key: the configuration, what each node's history says, and ages
 * instead of times. Versions, call ids and transition ids are history: only the order of calls is kept.
 */
export function cibKey(cib: Cib, nowSeconds: number): unknown {
  const nodes = [...cib.status.nodes.values()].map((node) => [
    node.uname,
    node.inCcm ?? null,
    node.crmd ?? null,
    node.join ?? null,
    node.expected ?? null,
    attributesKey(node, nowSeconds),
    [...node.resources.values()].map((resource) => historyKey(resource, nowSeconds)),
  ]);
  return [cib.configuration, cib.attrs["have-quorum"] ?? null, cib.attrs["dc-uuid"] ?? null, nodes];
}

function attributesKey(node: NodeState, nowSeconds: number): unknown {
  return [...node.attributes].map(([name, value]) => [
    name,
    name.startsWith("last-failure-") || name === "shutdown" ? age(Number(value), nowSeconds) : value,
  ]);
}

/** Only failures' ages matter to what happens next (failure-timeout). */
export function historyKey(resource: ResourceHistory, nowSeconds: number): unknown {
  const ordered = [...resource.operations].sort((a, b) => a.callId - b.callId);
  return [
    resource.id,
    ordered.map((op) => [
      op.id,
      op.operationKey,
      op.rcCode,
      op.opStatus,
      op.opDigest ?? null,
      op.id.endsWith("_last_failure_0") ? age(op.lastRcChange ?? 0, nowSeconds) : null,
    ]),
  ];
}

/** Older than a day is all the same. */
function age(seconds: number, nowSeconds: number): number {
  return Math.min(nowSeconds - seconds, 86_400);
}
