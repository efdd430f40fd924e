import type { Plan, Sightings } from "../state/plan.js";
import { isAvailable } from "../state/resource-state.js";
import { addScores, INFINITY } from "../state/score.js";
import { F, type Node, type Resource, zeroPerNode } from "../state/working.js";

/** Adds what the agents think of being promoted to the nodes that instances may go to, before they are placed. */
export function addPromotionScores(plan: Plan, clone: Resource): void {
  if (clone.promotionScoresAdded) return;
  clone.promotionScoresAdded = true;
  for (const instance of clone.children) {
    for (const node of plan.nodes) {
      const i = node.index;
      if (!instance.allowed[i] || instance.scores[i]! <= -INFINITY || !isAvailable(node)) continue;
      const score = promotionScore(plan, instance, node);
      if (score === undefined) continue;
      // What would rather not be promoted may still be there unpromoted.
      if (score > 0) {
        const sum = addScores(instance.scores[i]!, score);
        if (sum !== instance.scores[i]) instance.scores[i] = sum;
      }
      if (score > instance.priority) instance.priority = score;
    }
  }
}

/** The promotion score of an instance on a node: its agent's, or the sum of its members' agents'. */
export function promotionScore(plan: Plan, instance: Resource, node: Node): number | undefined {
  if (instance.variant === "group") {
    let sum: number | undefined;
    for (const member of instance.children) {
      const score = promotionScore(plan, member, node);
      if (score !== undefined) sum = addScores(sum ?? 0, score);
    }
    return sum;
  }
  if (!scoreCounts(plan, instance, node)) return undefined;
  const attributes = attributesFor(instance, node);
  const own = attributes.get(`master-${instance.historyName}`) ?? attributes.get(`master-${instance.id}`);
  // Where instances are all the same, what is said of one without its number is said of each.
  const text = own ?? (instance.is(F.Unique) ? undefined : attributes.get(`master-${baseName(instance.id)}`));
  if (text === undefined) return undefined;
  const value = Number.parseInt(text, 10);
  if (text.endsWith("INFINITY")) return text.startsWith("-") ? -INFINITY : INFINITY;
  return Number.isNaN(value) ? 0 : Math.max(-INFINITY, Math.min(INFINITY, value));
}

/** With container-attribute-target=host, what counts in a guest are the attributes of the node it runs on. */
function attributesFor(instance: Resource, node: Node): ReadonlyMap<string, string> {
  if (!node.isGuest || instance.meta.get("container-attribute-target") !== "host") return node.attributes;
  return node.connection?.container?.runningOn[0]?.attributes ?? NO_ATTRIBUTES;
}

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

function baseName(id: string): string {
  const at = id.lastIndexOf(":");
  return at < 0 ? id : id.slice(0, at);
}

/**
 * A score is believed where the instance is, or is known not to be; or where nothing is known of it anywhere yet. Where
 * instances are all the same, what is known of one is known of each, but where one is, the score is that one's.
 */
function scoreCounts(plan: Plan, instance: Resource, node: Node): boolean {
  const i = node.index;
  if (instance.runningOn.includes(node)) return true;
  if (!instance.allowed[i] || instance.scores[i]! < 0) return false;
  // Of an instance that nobody has looked for anywhere, what its agent said before is all there is.
  if (!instance.known.includes(1)) return true;
  const { active, known } = sightings(plan, instance);
  return !active[i] && known[i] === 1;
}

function sightings(plan: Plan, instance: Resource): Sightings {
  const remembered = plan.sightings.get(instance);
  if (remembered) return remembered;
  const active = zeroPerNode(plan.nodes.length);
  const known = zeroPerNode(plan.nodes.length);
  const alike = counterparts(instance);
  for (const { runningOn, known: own } of alike) {
    for (const node of runningOn) active[node.index] = 1;
    for (let i = 0; i < own.length; i++) if (own[i]) known[i] = 1;
  }
  const seen = { active, known };
  for (const each of alike) plan.sightings.set(each, seen);
  return seen;
}

/** The instances of an anonymous clone, or the members of its instances that are the same one. */
function counterparts(instance: Resource): readonly Resource[] {
  const clone = instance.enclosingClone;
  if (!clone || clone.is(F.Unique)) return [instance];
  const group = instance.parent;
  if (!group || group === clone) return clone.children;
  const position = group.children.indexOf(instance);
  const found: Resource[] = [];
  for (const { children } of clone.children) if (children[position]) found.push(children[position]);
  return found;
}
