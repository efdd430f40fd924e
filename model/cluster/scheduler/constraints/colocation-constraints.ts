import { isActive } from "../state/resource-state.js";
import type { ColocationConstraint, ResourceSet } from "../state/state.js";
import { F, type Resource, Role } from "../state/working.js";

/** One dependent with one primary: what every colocation, set or group comes down to. */
export interface Colocation {
  readonly id: string;
  readonly score: number;
  readonly dependent: Resource;
  readonly primary: Resource;
  readonly dependentRole: Role;
  readonly primaryRole: Role;
  /** "#uname": the same node; else the nodes with the same value of this attribute. */
  readonly nodeAttribute: string;
  /** Whether the dependent's wishes may move the primary; undefined: as the dependent's `critical` says. */
  readonly influence: boolean | undefined;
}

/**
 * Adds a colocation to both its ends, each list kept in the order in which colocations are applied: of those that are
 * alike the newest first, so that what binds a group together comes before what is said of its members.
 */
export function addColocation(colocation: Colocation): void {
  if (colocation.dependent === colocation.primary) return;
  insert(colocation.dependent.thisWith, colocation, byPrimary);
  insert(colocation.primary.withThis, colocation, byDependent);
}

function insert(list: Colocation[], colocation: Colocation, compare: (a: Colocation, b: Colocation) => number): void {
  let at = list.length;
  while (at > 0 && compare(list[at - 1]!, colocation) >= 0) at--;
  list.splice(at, 0, colocation);
}

const depth = { primitive: 0, group: 1, clone: 2, bundle: 3 } as const;

function byEnd(a: Resource, b: Resource): number {
  if (a.priority !== b.priority) return b.priority - a.priority;
  if (a.variant !== b.variant) return depth[b.variant] - depth[a.variant];
  if (a.variant === "clone" && a.is(F.Promotable) !== b.is(F.Promotable)) return a.is(F.Promotable) ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

export const byPrimary = (a: Colocation, b: Colocation): number => byEnd(a.primary, b.primary);
export const byDependent = (a: Colocation, b: Colocation): number => byEnd(a.dependent, b.dependent);

/** Takes a constraint apart into pairs and attaches them to their resources. */
export function unpackColocation(constraint: ColocationConstraint, found: Colocation[]): void {
  if (constraint.dependent && constraint.primary) {
    pair(
      found,
      constraint,
      constraint.dependent,
      constraint.primary,
      constraint.dependentRole,
      constraint.primaryRole,
      constraint.score,
    );
    return;
  }
  let previous: ResourceSet | undefined;
  for (const set of constraint.sets) {
    withinSet(found, constraint, set);
    if (previous) betweenSets(found, constraint, previous, set);
    previous = set;
  }
}

function pair(
  found: Colocation[],
  constraint: ColocationConstraint,
  dependent: Resource,
  primary: Resource,
  dependentRole: Role,
  primaryRole: Role,
  score: number,
): void {
  if (score === 0) return;
  const colocation: Colocation = {
    id: constraint.id,
    score,
    dependent,
    primary,
    dependentRole: dependentRole === Role.Started ? Role.Unknown : dependentRole,
    primaryRole: primaryRole === Role.Started ? Role.Unknown : primaryRole,
    nodeAttribute: constraint.nodeAttribute,
    influence: constraint.influence,
  };
  addColocation(colocation);
  found.push(colocation);
}

function withinSet(found: Colocation[], constraint: ColocationConstraint, set: ResourceSet): void {
  const score = set.score ?? constraint.score;
  if (score === 0) return;
  const members = set.resources;
  if (score < 0 && (set.sequential || set.ordering === "listed")) {
    for (let i = 1; i < members.length; i++) {
      for (let j = 0; j < i; j++) pair(found, constraint, members[i]!, members[j]!, set.role, set.role, score);
    }
  } else if (set.sequential || set.ordering === "listed") {
    for (let i = 1; i < members.length; i++) {
      if (set.ordering === "listed") pair(found, constraint, members[i - 1]!, members[i]!, set.role, set.role, score);
      else pair(found, constraint, members[i]!, members[i - 1]!, set.role, set.role, score);
    }
  }
}

/** The first of the earlier set goes with the last of the later one; a set that is not sequential, with all of it. */
function betweenSets(
  found: Colocation[],
  constraint: ColocationConstraint,
  dependents: ResourceSet,
  primaries: ResourceSet,
): void {
  const score = constraint.score;
  if (score === 0) return;
  const firsts = dependents.sequential ? dependents.resources.slice(0, 1) : dependents.resources;
  const lasts = primaries.sequential ? [primaries.last].filter((r) => r !== undefined) : primaries.resources;
  for (const dependent of firsts) {
    for (const primary of lasts) pair(found, constraint, dependent, primary, dependents.role, primaries.role, score);
  }
}

/**
 * Whether the dependent's wishes count when the primary (or `instance`, the instance of it that is being placed) is:
 * always where `influence` is true, else only while nothing of the primary is active. A group or clone is active where
 * any of its members or instances is.
 */
export function hasInfluence(colocation: Colocation, instance: Resource = colocation.primary): boolean {
  const { dependent } = colocation;
  // Moving a connection is nothing, moving a container is not: one that runs well is not pulled by its connection.
  const wellPlaced = !instance.is(F.Failed) && instance.runningOn.length === 1;
  if (wellPlaced && dependent.is(F.AllowRemoteRemotes)) return false;
  return (colocation.influence ?? dependent.is(F.Critical)) || !isActive(instance, false);
}
