import { compareNames } from "../state/names.js";
import type { ClusterState } from "../state/state.js";
import { F, type Node, type Resource, Role } from "../state/working.js";
import { parseRole } from "../unpack/resource-properties.js";
import { isDisabled } from "./counts.js";
import { failedProbeWord } from "./failed-probe.js";
import type { Lines } from "./lines.js";
import { inParentheses, printResource } from "./resource-list.js";

/** A clone: instances that need a line of their own, then the nodes of the others by what they are there. */
export function printClone(state: ClusterState, clone: Resource, lines: Lines, level: number): void {
  const flags: string[] = [];
  if (clone.is(F.Promotable)) flags.push("promotable");
  if (clone.is(F.Unique)) flags.push("unique");
  if (!clone.is(F.Managed)) flags.push("unmanaged");
  if (isDisabled(clone)) flags.push("disabled");
  const inner = clone.xml?.children.find((c) => c.name === "primitive" || c.name === "group")?.attrs["id"] ?? "";
  lines.heading(level, `Clone Set: ${clone.id} [${inner}]${inParentheses(flags)}:`);
  const promoted: Node[] = [];
  const started: Node[] = [];
  let plain = 0;
  for (const instance of clone.children) {
    const active = isPartlyActive(instance);
    if (clone.is(F.Unique)) {
      printResource(state, instance, lines, level + 1);
      continue;
    }
    if (lines.pending && instance.pendingTask !== undefined) {
      printResource(state, instance, lines, level + 1);
      continue;
    }
    if (!active) continue;
    const node = isPlain(instance) ? activeNodes(instance)[0] : undefined;
    if (node?.online || node?.unclean === false) plain++;
    if (!node || (!node.online && node.unclean)) printResource(state, instance, lines, level + 1);
    else if (highest(instance) === Role.Promoted) promoted.push(node);
    else started.push(node);
  }
  printList(lines, level + 1, "Promoted", promoted);
  printList(lines, level + 1, startedWord(clone), started);
  if (!clone.is(F.Unique) && clone.cloneMax > plain) printStopped(state, clone, lines, level + 1);
}

/** What is promotable and merely runs is unpromoted; it is told where that is all it is to be. */
function startedWord(clone: Resource): string {
  if (!clone.is(F.Promotable)) return "Started";
  return wantedRole(clone) === Role.Unpromoted ? "Unpromoted (target-role)" : "Unpromoted";
}

function wantedRole(clone: Resource): Role {
  return parseRole(clone.meta.get("target-role") ?? clone.children[0]?.meta.get("target-role"));
}

function printList(lines: Lines, level: number, word: string, nodes: Node[]): void {
  if (nodes.length === 0) return;
  nodes.sort((a, b) => compareNames(a.name, b.name));
  lines.add(level, `${word}: [ ${nodes.map((n) => n.name).join(" ")} ]`);
}

/** An instance of which nothing is to be said but where it is. */
function isPlain(instance: Resource): boolean {
  if (anyPrimitive(instance, (r) => r.is(F.Orphan) || r.is(F.Failed))) return false;
  if (anyPrimitive(instance, (r) => !r.is(F.Managed))) return false;
  return isFullyActive(instance) && activeNodes(instance).length === 1;
}

function anyPrimitive(resource: Resource, test: (r: Resource) => boolean): boolean {
  if (resource.variant === "primitive") return test(resource);
  return resource.children.some((c) => anyPrimitive(c, test));
}

export function isPartlyActive(resource: Resource): boolean {
  return anyPrimitive(resource, isActive);
}

function isFullyActive(resource: Resource): boolean {
  return !anyPrimitive(resource, (r) => !isActive(r));
}

/** Active somewhere that counts: on a node that is up, or one whose fencing is still to come. */
function isActive(resource: Resource): boolean {
  return resource.runningOn.some((node) => node.online || node.unclean || !resource.is(F.Managed));
}

function activeNodes(resource: Resource): Node[] {
  if (resource.variant === "primitive") return resource.runningOn;
  const nodes: Node[] = [];
  for (const c of resource.children) for (const n of activeNodes(c)) if (!nodes.includes(n)) nodes.push(n);
  return nodes;
}

/** Where a clone or group is said to be: what is unmanaged on a node that is not there does not count. */
export function countedNodes(resource: Resource): Node[] {
  if (resource.variant === "primitive") {
    return resource.is(F.Managed) ? resource.runningOn : resource.runningOn.filter((n) => n.online);
  }
  const nodes: Node[] = [];
  for (const c of resource.children) for (const n of countedNodes(c)) if (!nodes.includes(n)) nodes.push(n);
  return nodes;
}

function highest(resource: Resource): Role {
  if (resource.variant === "primitive") return resource.role;
  let role: Role = Role.Unknown;
  for (const c of resource.children) {
    const inner = highest(c);
    if (inner > role) role = inner;
  }
  return role;
}

/** Where an anonymous clone could run and does not; apart, where a probe failed there. */
function printStopped(state: ClusterState, clone: Resource, lines: Lines, level: number): void {
  const running = countedNodes(clone);
  const usual = wantedRole(clone) === Role.Stopped ? "Stopped (disabled)" : "Stopped";
  const byWord = new Map<string, Node[]>();
  const anywhere = !clone.allowed.includes(1);
  for (const node of state.nodes) {
    // An opt-in cluster has said of no node yet that it may be there: those where it was looked for are told.
    if (!(anywhere ? clone.known : clone.allowed)[node.index] || running.includes(node)) continue;
    const failed = failedProbeWord(state, clone, node);
    const word = failed === undefined ? usual : `Stopped (${failed})`;
    const list = byWord.get(word);
    if (list) list.push(node);
    else byWord.set(word, [node]);
  }
  for (const [word, nodes] of byWord) printList(lines, level, word, nodes);
}
