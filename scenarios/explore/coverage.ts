import type { XmlElement } from "../../model/cluster/cib/types.js";
import type { Topology } from "../../model/topology/types.js";
import type { Mark } from "./exercise.js";
import type { Bits } from "./meeting.js";

/** What was put to use, and what was not: a promise about the latter is untested. */
export interface Coverage {
  readonly states: Exercised<{ readonly machine: string; readonly state: string }>;
  readonly transitions: Exercised<{ readonly machine: string; readonly state: string; readonly event: string }>;
  readonly constraints: Exercised<ConfiguredElement>;
  readonly resources: Exercised<ConfiguredElement>;
  readonly lines: LineCoverage;
}

export interface Exercised<T> {
  readonly exercised: readonly T[];
  readonly unexercised: readonly T[];
}

/** An element of a cluster's CIB. */
export interface ConfiguredElement {
  readonly cluster: string;
  readonly id: string;
  readonly element: string;
  readonly file: string;
  readonly line: number;
}

/** Lines of configuration files that the twin behaves by. */
export interface LineCoverage {
  readonly modelled: number;
  readonly exercised: number;
  /** By file, the numbers of those that nothing put to use. */
  readonly unexercised: readonly { readonly file: string; readonly lines: readonly number[] }[];
}

export function coverageOf(topology: Topology, marks: readonly Mark[], done: Bits): Coverage {
  const isDone = (index: number) => ((done[index >> 5]! >> (index & 31)) & 1) === 1;
  const split = <K extends Mark["kind"], T>(kind: K, as: (mark: Extract<Mark, { kind: K }>) => T): Exercised<T> => {
    const of = (wanted: boolean) =>
      marks.flatMap((mark, index) =>
        mark.kind === kind && isDone(index) === wanted ? [as(mark as Extract<Mark, { kind: K }>)] : [],
      );
    return { exercised: of(true), unexercised: of(false) };
  };
  const configured = ({ cluster, element }: { cluster: string; element: XmlElement }): ConfiguredElement => ({
    cluster,
    id: element.attrs["id"] ?? "",
    element: element.name,
    file: topology.clusters.get(cluster)!.cibFile,
    line: element.line,
  });
  return {
    states: split("state", ({ machine, state }) => ({ machine, state })),
    transitions: split("transition", ({ machine, state, event }) => ({ machine, state, event })),
    constraints: split("constraint", configured),
    resources: split("resource", configured),
    lines: linesOf(
      topology,
      marks.filter((_, index) => isDone(index)),
    ),
  };
}

/**
 * A line of a CIB is put to use with the resource or constraint in which it stands, and elsewhere with any resource of its
 * cluster; a line of another file where a node boots that has it, a unit starts that reads it, or, of the cluster's own
 * file, the membership changes.
 */
function linesOf(topology: Topology, done: readonly Mark[]): LineCoverage {
  const cibs = new Map([...topology.clusters.values()].map(({ id, cibFile }) => [cibFile, id]));
  const read = filesRead(topology, done);
  const spans = new Map([...cibs].map(([file, cluster]) => [file, cibSpans(topology, cluster, done)]));
  let modelled = 0;
  const unexercised = new Map<string, number[]>();
  for (const { file, line, status } of topology.ledger) {
    if (status !== "modelled") continue;
    modelled++;
    const ofCib = spans.get(file);
    if (ofCib ? ofCib.findLast(({ from }) => from <= line)?.done : read.has(file)) continue;
    const lines = unexercised.get(file);
    if (lines) lines.push(line);
    else unexercised.set(file, [line]);
  }
  const left = [...unexercised.values()].reduce((sum, lines) => sum + lines.length, 0);
  return {
    modelled,
    exercised: modelled - left,
    unexercised: [...unexercised].map(([file, lines]) => ({ file, lines })),
  };
}

function filesRead(topology: Topology, done: readonly Mark[]): ReadonlySet<string> {
  const read = new Set<string>();
  const readOn = (node: string, path: string) => {
    const file = topology.nodes.get(node)?.files.get(path)?.file;
    if (file !== undefined) read.add(file);
  };
  for (const mark of done) {
    if (mark.kind === "boot")
      for (const { file } of topology.nodes.get(mark.node)?.files.values() ?? []) read.add(file);
    if (mark.kind === "start") {
      const { node, files } = topology.services.get(mark.unit)!;
      for (const path of files) readOn(node, path);
    }
    if (mark.kind === "membership") {
      const { nodes, configFile } = topology.clusters.get(mark.cluster)!;
      for (const { node } of nodes) if (configFile !== undefined) readOn(node, configFile);
    }
  }
  return read;
}

/** Where each resource, constraint and section begins, in the order of the file, and whether it was put to use. */
function cibSpans(topology: Topology, cluster: string, done: readonly Mark[]) {
  const { configuration } = topology.clusters.get(cluster)!.cib;
  const used = new Set<XmlElement>();
  for (const mark of done)
    if ((mark.kind === "resource" || mark.kind === "constraint") && mark.cluster === cluster) used.add(mark.element);
  const any = used.size > 0;
  const spans: { from: number; done: boolean }[] = [{ from: 0, done: any }];
  const walk = (element: XmlElement, inSection: boolean) => {
    const isOne = inSection && /^(primitive|group|clone|master|bundle|rsc_\w+)$/.test(element.name);
    if (isOne) spans.push({ from: element.line, done: used.has(element) });
    if (isOne || element.name === "resources" || element.name === "constraints")
      for (const child of element.children) walk(child, true);
  };
  for (const section of configuration.children) {
    spans.push({ from: section.line, done: any });
    walk(section, false);
  }
  return spans.sort((a, b) => a.from - b.from);
}
