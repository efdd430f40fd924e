import type { NodeId } from "../../twin/parts.js";
import { posixPattern } from "../cib/posix-pattern.js";
import type { Cib } from "../cib/types.js";
import { booleanOf, INFINITY_SCORE, intervalMs, scoreOf } from "../configuration/interval.js";
import { type FencingLevel, type PrimitiveFacts, settingsOf } from "../configuration/settings.js";

/** Which devices a node's fencer has registered, and what they can fence: pacemaker-fenced(7), pcmk_* parameters. */

/** Stonith resources, by id. */
export function fenceDevices(cib: Cib): readonly PrimitiveFacts[] {
  return [...settingsOf(cib).primitives.values()].filter((primitive) => primitive.class === "stonith");
}

/**
 * A node registers every device that is not disabled and that its location constraints let it run (a score that is not
 * negative), wherever the device runs now.
 */
export function isRegistered(cib: Cib, device: PrimitiveFacts, node: NodeId): boolean {
  if ((device.meta.get("target-role") ?? "Started").toLowerCase() === "stopped") return false;
  const settings = settingsOf(cib);
  const symmetric = booleanOf(settings.options.get("symmetric-cluster"), true);
  let score = symmetric ? 0 : -INFINITY_SCORE;
  for (const location of settings.locations) {
    if (location.resource !== device.id && !device.parents.includes(location.resource)) continue;
    if (location.node !== node) continue;
    const value = scoreOf(location.score);
    score =
      score <= -INFINITY_SCORE && symmetric ? score : value <= -INFINITY_SCORE ? value : Math.max(score, 0) + value;
  }
  return score >= 0;
}

/** What the device calls the node, or undefined where it cannot fence it. `listed` is what a query of the device gives. */
export function plugFor(device: PrimitiveFacts, target: NodeId, listed: readonly string[]): string | undefined {
  const map = hostMap(device.parameters.get("pcmk_host_map"));
  const list = device.parameters.get("pcmk_host_list");
  const check =
    device.parameters.get("pcmk_host_check") ?? (map.size > 0 || list !== undefined ? "static-list" : "dynamic-list");
  const plug = map.get(target) ?? target;
  if (check === "none") return plug;
  if (check === "static-list") {
    const hosts = (list ?? "").split(/[\s,;]+/);
    return map.has(target) || hosts.includes(target) ? plug : undefined;
  }
  return listed.includes(plug) ? plug : undefined;
}

/** `node1:plug1;node2:plug2` */
export function hostMap(text: string | undefined): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const part of (text ?? "").split(/[;\s]+/)) {
    const colon = part.search(/[:=]/);
    if (colon > 0) map.set(part.slice(0, colon), part.slice(colon + 1).split(",")[0]!);
  }
  return map;
}

/** pcmk_delay_base, which may name nodes (`n1:5s;n2:0`), and the random part up to pcmk_delay_max. */
export function delayOf(device: PrimitiveFacts, target: NodeId): { readonly baseMs: number; readonly maxMs: number } {
  const text = device.parameters.get("pcmk_delay_base");
  const perNode = text?.includes(":") ? hostMap(text) : undefined;
  const baseMs = perNode ? intervalMs(perNode.get(target), 0) : intervalMs(text, 0);
  const maxMs = intervalMs(device.parameters.get("pcmk_delay_max"), 0);
  return { baseMs, maxMs: Math.max(maxMs, baseMs) };
}

/** How many attempts an action gets: pcmk_ACTION_retries, which counts the first. */
export function attemptsOf(device: PrimitiveFacts, action: string): number {
  return Math.max(1, Number(device.parameters.get(`pcmk_${action}_retries`) ?? 2) || 1);
}

export function timeoutOf(device: PrimitiveFacts, action: string, fallbackMs: number): number {
  return intervalMs(device.parameters.get(`pcmk_${action}_timeout`), fallbackMs);
}

/** Levels that apply to a target, lowest index first; empty where none does. */
export function levelsFor(cib: Cib, target: NodeId): readonly FencingLevel[] {
  const settings = settingsOf(cib);
  const attributes = settings.nodeAttributes.get(target);
  return settings.levels
    .filter(
      (level) =>
        level.target === target ||
        (level.targetPattern !== undefined && matches(level.targetPattern, target)) ||
        (level.targetAttribute !== undefined && attributes?.get(level.targetAttribute) === level.targetValue),
    )
    .sort((a, b) => a.index - b.index);
}

/** A target-pattern that cannot be read matches nothing. */
function matches(pattern: string, target: string): boolean {
  return posixPattern(pattern)?.test(target) ?? false;
}
