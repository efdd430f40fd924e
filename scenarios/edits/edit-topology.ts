import { createHash } from "node:crypto";
import { InputError } from "../../model/errors.js";
import { draw, hashText } from "../../model/kernel/random.js";
import { DURATION_KEYS, type Duration } from "../../model/topology/durations.js";
import { fenceDevice, stonithPrimitives } from "../../model/topology/fence-devices.js";
import type { Cluster, Topology } from "../../model/topology/types.js";
import type { DurationSetting } from "../file/scenario-schema.js";
import { editableIds, editCib } from "./edit-cib.js";
import { type Edit, readEdit } from "./edit-text.js";

/** Where an edit or a setting stands, for its error. */
export interface EditSource {
  readonly file: string;
  lineOf(path: readonly PropertyKey[]): number;
}

/** The topology with edits made to its clusters' CIBs, and another hash. Throws InputError. */
export function withEdits(topology: Topology, edits: readonly string[], source: EditSource): Topology {
  if (edits.length === 0) return topology;
  const clusters = new Map(topology.clusters);
  for (const [i, text] of edits.entries()) {
    const line = source.lineOf(["set", i]);
    const edit = readEdit(text, topology, source.file, line);
    clusters.set(edit.cluster, editCluster(topology, clusters.get(edit.cluster)!, edit, source.file, line));
  }
  return { ...topology, clusters, hash: rehash(topology.hash, edits) };
}

function editCluster(topology: Topology, cluster: Cluster, edit: Edit, file: string, line: number): Cluster {
  const cib = editCib(cluster.cib, edit);
  if (!cib)
    throw new InputError({
      file,
      line,
      message: edit.kind === "remove" ? "no such constraint or fence device in" : "no such resource in",
      value: edit.text,
      known: editableIds(cluster.cib, edit.kind),
      knownAs: edit.kind === "remove" ? "constraints and fence devices" : "resources",
    });
  const primitives = new Map(stonithPrimitives(cib).map((primitive) => [primitive.id, primitive]));
  const fenceDevices = cluster.fenceDevices.flatMap((device) => {
    const primitive = primitives.get(device.id);
    const controller = topology.powerControllers.get(device.controller);
    return primitive && controller ? [fenceDevice(primitive, controller, device.place.file)] : [];
  });
  return { ...cluster, cib, fenceDevices };
}

/**
 * The topology with a scenario's durations: pinned, drawn once from the scenario's seed, or at an end of what is
 * allowed. `time-out` never comes back by itself; `longest` comes back just before the operation's time-out.
 */
export function withDurations(
  topology: Topology,
  settings: Readonly<Record<string, DurationSetting>> | undefined,
  seed: number,
  source: EditSource,
): Topology {
  const names = Object.keys(settings ?? {});
  if (names.length === 0) return topology;
  const durations = new Map(topology.durations);
  for (const name of names) {
    const line = source.lineOf(["settings", "durations", name]);
    const isKnown = durations.has(name) || operationOf(topology, name) !== undefined;
    if (!isKnown)
      throw new InputError({
        file: source.file,
        line,
        message: "unknown duration",
        value: name,
        known: [...DURATION_KEYS, "CLUSTER/RESOURCE.start"],
        knownAs: "durations",
      });
    durations.set(name, resolve(topology, name, settings![name]!, seed, source.file, line));
  }
  const used = names.map((name) => `${name}=${durations.get(name)!.ms}`);
  return { ...topology, durations, hash: rehash(topology.hash, used) };
}

function resolve(
  topology: Topology,
  name: string,
  setting: DurationSetting,
  seed: number,
  file: string,
  line: number,
): Duration {
  const place = { file, line };
  if ("pin" in setting) return { ms: setting.pin, source: "the scenario", place };
  if ("between" in setting) {
    const [low, high] = setting.between;
    if (high < low)
      throw new InputError({ file, line, message: "a range goes from its shorter to its longer end", value: name });
    const ms = low + Math.floor(draw(seed, hashText(`duration/${name}`), 0) * (high - low + 1));
    return { ms, source: "drawn from the scenario's seed", place };
  }
  if (setting.extreme === "shortest") return { ms: 1, source: "the scenario: the shortest", place };
  const timeoutMs = operationOf(topology, name)?.timeoutMs;
  if (timeoutMs === undefined)
    throw new InputError({ file, line, message: "only an operation of a resource has a time-out:", value: name });
  return setting.extreme === "longest"
    ? { ms: timeoutMs - 1, source: "the scenario: just under the time-out", place }
    : { ms: timeoutMs + 1, source: "the scenario: past the time-out", place };
}

/** `CLUSTER/RESOURCE.start` and the time-out that the CIB gives it (20 s where it gives none: default-action-timeout). */
function operationOf(topology: Topology, name: string): { readonly timeoutMs: number } | undefined {
  const match = /^([^/]+)\/(.+)\.(start|stop|monitor|promote|demote)$/.exec(name);
  const cluster = match && topology.clusters.get(match[1]!);
  if (!match || !cluster) return undefined;
  let found: { timeoutMs: number } | undefined;
  const walk = (at: Cluster["cib"]["configuration"]) => {
    if (at.name === "primitive" && at.attrs["id"] === match[2]) {
      const op = at.children
        .filter((child) => child.name === "operations")
        .flatMap((child) => child.children)
        .find((child) => child.attrs["name"] === match[3]);
      const seconds = /^(\d+)(s|ms)?$/.exec(op?.attrs["timeout"] ?? "20s");
      found = { timeoutMs: seconds ? Number(seconds[1]) * (seconds[2] === "ms" ? 1 : 1_000) : 20_000 };
    }
    for (const child of at.children) walk(child);
  };
  walk(cluster.cib.configuration);
  return found;
}

function rehash(hash: string, changes: readonly string[]): string {
  return createHash("sha256")
    .update([hash, ...changes].join("\n"))
    .digest("hex")
    .slice(0, hash.length);
}
