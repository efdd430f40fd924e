import { byDependent, byPrimary, type Colocation, hasInfluence } from "../constraints/colocation-constraints.js";
import { nodeAttribute } from "../state/node-attribute.js";
import type { Plan } from "../state/plan.js";
import { canRun } from "../state/resource-state.js";
import { addScores, INFINITY } from "../state/score.js";
import { F, type Node, type Resource, Role } from "../state/working.js";

/** The colocations that bind a resource as the dependent; its group's too where it is the group's first member. */
export function thisWithColocations(resource: Resource): readonly Colocation[] {
  const group = resource.parent;
  if (group?.variant === "group" && behindUnmanaged(group, resource)) {
    // Members that are left alone pass nothing on, so what the group must be with holds for those behind them.
    const must = group.thisWith.filter((c) => c.score === INFINITY);
    if (must.length > 0) return [...resource.thisWith, ...must].sort(byPrimary);
  }
  return withInherited(resource, "thisWith");
}

function behindUnmanaged(group: Resource, member: Resource): boolean {
  for (const other of group.children) {
    if (other === member) return false;
    if (!other.is(F.Managed)) return true;
  }
  return false;
}

/** The colocations that bind a resource as the primary; its group's too where it is the group's last member. */
export function withThisColocations(resource: Resource): readonly Colocation[] {
  return withInherited(resource, "withThis");
}

function withInherited(resource: Resource, list: "thisWith" | "withThis"): readonly Colocation[] {
  const own = resource[list];
  const parent = resource.parent;
  if (!parent || parent.isCollective) return own;
  if (parent.variant === "group" && parent.children.at(list === "thisWith" ? 0 : -1) !== resource) return own;
  // A bundle is where its containers are.
  if (parent.variant === "bundle" && !resource.is(F.IsContainer)) return own;
  const inherited = withInherited(parent, list);
  if (inherited.length === 0) return own;
  if (own.length === 0) return inherited;
  return own.concat(inherited).sort(list === "thisWith" ? byPrimary : byDependent);
}

/** Whether a colocation says anything of the roles that its ends are to have, as far as these are known yet. */
export function rolesApply(colocation: Colocation, dependent: Resource, primary: Resource): boolean {
  const { score, dependentRole, primaryRole } = colocation;
  const attracts = score > 0;
  const applies = (role: Role, next: Role) => role === Role.Unknown || (role === next) === attracts;
  return applies(dependentRole, dependent.nextRole) && applies(primaryRole, primary.nextRole);
}

/** Whether any node could take a resource with these scores. */
export function anyNodeAvailable(plan: Plan, allowed: number[], scores: number[]): boolean {
  for (const node of plan.nodes) {
    if (allowed[node.index] && scores[node.index]! >= 0 && canRun(node, false)) return true;
  }
  return false;
}

/** The scores of the nodes where a colocation with a placed primary lets the dependent be. */
export function applyToScores(plan: Plan, dependent: Resource, primary: Resource, colocation: Colocation): void {
  const { score, nodeAttribute: attribute } = colocation;
  const at = primary.assignedTo;
  if (!at && score < 0) return;
  const byName = attribute === "#uname" || attribute === "#id";
  const value = at && !byName ? nodeAttribute(at, attribute) : undefined;
  const scores = dependent.scores.slice();
  for (const node of plan.nodes) {
    const i = node.index;
    if (!dependent.allowed[i]) continue;
    if (!at) scores[i] = addScores(-score, scores[i]!);
    else if (byName ? node === at : value !== undefined && nodeAttribute(node, attribute) === value) {
      if (score < INFINITY) scores[i] = addScores(score, scores[i]!);
    } else if (score >= INFINITY) scores[i] = addScores(-score, scores[i]!);
  }
  if (score <= -INFINITY || score >= INFINITY || anyNodeAvailable(plan, dependent.allowed, scores)) {
    dependent.scores = scores;
  }
}

export interface MergeOptions {
  /** Give up what was merged where it would leave no node at all. */
  readonly rollBack: boolean;
  /** A wish against a node never makes a node that is wanted unwanted. */
  readonly nonNegative: boolean;
  /** Follow the colocations in which the resource is the dependent, not those in which it is the primary. */
  readonly forward: boolean;
}

/** A node that was wanted and now would not be: it takes no more wishes, and counts as barely wanted in the end. */
const UNUSABLE = -100 * INFINITY;

/** So many times in a decision may a merge ask a resource again that it asked before, on another way to it. */
const MOST_REVISITS = 200_000;

/** A resource whose colocations are being followed. */
interface Visit {
  readonly resource: Resource;
  readonly given: number[];
  readonly factor: number;
  work: number[];
  /** Undefined until its own wishes are in. */
  colocations: readonly Colocation[] | undefined;
  next: number;
}

/**
 * Adds the wishes of `resource` (and of what is colocated with it in turn), weighed by `factor`, to the scores of
 * another resource's nodes. Returns the scores with the wishes, or those given where the wishes would leave no node.
 * The visits under way are a list, not calls in calls: chains of colocations may be longer than a stack.
 */
export function mergeColocatedScores(
  plan: Plan,
  resource: Resource,
  allowed: number[],
  scores: number[],
  attribute: string,
  factor: number,
  options: MergeOptions,
): number[] {
  const visits: Visit[] = [];
  const askedOnce: Resource[] = [];
  const round = plan.startMerge();
  const enter = (r: Resource, given: number[], by: string, weight: number): number[] | undefined => {
    if (r.is(F.Merging)) return given;
    r.set(F.Merging);
    if (r.mergedIn === round) plan.revisits++;
    r.mergedIn = round;
    const visit: Visit = { resource: r, given, factor: weight, work: given, colocations: undefined, next: 0 };
    visits.push(visit);
    if (r.variant === "group") {
      // Members go where those before them go: from the last, the wishes of all are reached.
      const end = options.forward ? r.children.at(-1) : r.children[0];
      return end ? enter(end, given, by, weight) : given;
    }
    visit.work = given.slice();
    mergeOwnScores(plan, r, allowed, visit.work, by, weight, options.nonNegative);
    return undefined;
  };

  let result = enter(resource, scores, attribute, factor);
  for (let visit = visits.at(-1); visit; visit = visits.at(-1)) {
    if (result) visit.work = result;
    result = undefined;
    visit.colocations ??= colocationsToFollow(plan, visit, allowed, options);
    const colocation = visit.colocations[visit.next++];
    if (colocation) {
      if (!options.forward && !hasInfluence(colocation)) continue;
      const other = options.forward ? colocation.primary : colocation.dependent;
      // What is further away is weighed by its own colocation alone; only the sign comes along.
      const weight = ((visit.factor < 0 ? -1 : 1) * colocation.score) / INFINITY;
      result = enter(other, visit.work, colocation.nodeAttribute, weight);
      continue;
    }
    if (options.nonNegative) {
      for (let i = 0; i < visit.work.length; i++) if (visit.work[i] === UNUSABLE) visit.work[i] = 1;
    }
    if (plan.revisits > MOST_REVISITS) askedOnce.push(visit.resource);
    else visit.resource.clear(F.Merging);
    visits.pop();
    result = visit.work;
  }
  for (const r of askedOnce) r.clear(F.Merging);
  if (askedOnce.length > 0) noteManyWays(plan);
  return result ?? scores;
}

function colocationsToFollow(
  plan: Plan,
  visit: Visit,
  allowed: number[],
  options: MergeOptions,
): readonly Colocation[] {
  if (anyNodeAvailable(plan, allowed, visit.work)) {
    return options.forward ? thisWithColocations(visit.resource) : withThisColocations(visit.resource);
  }
  if (options.rollBack) visit.work = visit.given;
  return [];
}

/** Pacemaker goes every way there is, which may take it longer than anybody waits. */
function noteManyWays(plan: Plan): void {
  const text = `colocations that lead to the same resources in too many ways: not all of them were followed`;
  if (!plan.state.notModelled.includes(text)) plan.state.notModelled.push(text);
}

function mergeOwnScores(
  plan: Plan,
  resource: Resource,
  allowed: number[],
  work: number[],
  attribute: string,
  factor: number,
  nonNegative: boolean,
): void {
  for (const node of plan.nodes) {
    const i = node.index;
    if (!allowed[i]) continue;
    const score = bestScoreMatching(plan, resource, node, attribute);
    if (factor < 0 && score < 0) continue;
    if (work[i] === UNUSABLE) continue;
    let change = factor * score;
    change = Math.trunc(change < 0 ? change - 0.5 : change + 0.5);
    if (change === 0 && score !== 0) change = factor > 0 ? 1 : factor < 0 ? -1 : 0;
    const sum = addScores(change, work[i]!);
    if (!nonNegative || sum >= 0) work[i] = sum;
    else if (work[i]! > 0) work[i] = UNUSABLE;
  }
}

/** The resource's best score among the nodes that share a node's value of the attribute. */
function bestScoreMatching(plan: Plan, resource: Resource, node: Node, attribute: string): number {
  if (attribute === "#uname" || attribute === "#id") {
    return resource.allowed[node.index] && canRun(node, false) ? resource.scores[node.index]! : -INFINITY;
  }
  const value = nodeAttribute(node, attribute);
  let best = -INFINITY;
  if (value === undefined) return best;
  for (const other of plan.nodes) {
    if (!resource.allowed[other.index] || !canRun(other, false)) continue;
    if (nodeAttribute(other, attribute) === value && resource.scores[other.index]! > best) {
      best = resource.scores[other.index]!;
    }
  }
  return best;
}
