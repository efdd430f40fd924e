import type { Reader } from "../../model/kernel/index.js";
import { Run } from "../../model/kernel/index.js";
import type { Twin } from "../../model/twin/twin.js";
import type { Verdict } from "../../model/verdict/types.js";
import { scenarioFromData } from "../file/read-scenario.js";
import type { Onlooker } from "../runner/onlooker.js";
import type { SettledTwin } from "../runner/prepare.js";
import { runScenario, type ScenarioRun } from "../runner/run-scenario.js";
import { placedIn, primitiveIds, whyStopped } from "./why-stopped.js";

/** Where everything runs: by primitive, the nodes on which it is active, sorted. */
export type Placement = ReadonlyMap<string, readonly string[]>;

/** One thing that is not as it was: it moved, came up or went down; with the reason where it stays down. */
export interface Change {
  readonly resource: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** From the resource to the root of the matter; empty where it runs. */
  readonly why: readonly string[];
}

export interface SettledReport {
  readonly cluster: string;
  /** Before anything happened, by the file's own status; after it was left alone. */
  readonly before: Placement;
  readonly after: Placement;
  readonly changes: readonly Change[];
  /** Everything that is down in the end, with its chain of reasons. */
  readonly down: readonly Change[];
}

export interface NodeRound {
  readonly cluster: string;
  readonly node: string;
  readonly run: ScenarioRun;
  /** With the node gone, against before. */
  readonly lost: readonly Change[];
  /** With the node back, against before. */
  readonly back: readonly Change[];
}

export interface BareCibRun {
  readonly settled: readonly SettledReport[];
  readonly rounds: readonly NodeRound[];
  /** The same in lines for people. */
  readonly lines: readonly string[];
}

const LOST_FOR = "10m";
const LOST_FOR_MS = 600_000;
const LOOK_EVERY_MS = 1_000;
const SETTLE_MS = 1_800_000;

/**
 * A cluster with no scenario: it was left to settle, and what it did by itself is told with the reason; then each node
 * in turn is lost and comes back.
 */
export function runBareCib(
  settled: SettledTwin,
  options: {
    readonly seed: number;
    readonly version: string;
    readonly keepTrace?: boolean;
    readonly onlooker?: (settled: SettledTwin) => Onlooker;
  },
): BareCibRun {
  const { twin, base } = settled;
  const reports = twin.clusters.ids.map((cluster) => settledReport(settled, cluster));
  const rounds = twin.clusters.ids.flatMap((cluster) =>
    twin.clusters.nodesOf(cluster).map((node): NodeRound => {
      const scenario = scenarioFromData(
        {
          name: `lose-${node.toLowerCase().replace(/[^a-z0-9-]/g, "-")}`,
          title: `${node} is lost and comes back`,
          topology: twin.topology.file,
          seed: options.seed,
          timeline: [
            { at: "0s", fault: "lose-node", node, as: "lost" },
            { after: LOST_FOR, heal: "lost" },
          ],
          settle: `${SETTLE_MS}ms`,
        },
        twin.topology.file,
      );
      const before = placement(base, twin, cluster);
      let lost: readonly Change[] = [];
      const middle = new Run(base.withSeed(options.seed));
      middle.act((instant) => twin.hosts.powerOff(instant, node, "power lost"));
      advanceToSettledWithout(middle, twin, cluster, node);
      lost = changes(middle, twin, cluster, before, placement(middle, twin, cluster), node);
      middle.advanceTo(base.nowMs + LOST_FOR_MS);
      middle.act((instant) => twin.hosts.powerOn(instant, node));
      middle.advanceTo(base.nowMs + LOST_FOR_MS + SETTLE_MS);
      const back = changes(middle, twin, cluster, before, placement(middle, twin, cluster));
      const run = runScenario(settled, scenario, {
        seed: options.seed,
        version: options.version,
        ...(options.keepTrace !== undefined && { keepTrace: options.keepTrace }),
        ...(options.onlooker && { onlooker: options.onlooker(settled) }),
      });
      const report = roundLines(node, lost, back);
      return { cluster, node, run: { ...run, verdict: { ...run.verdict, report } as Verdict }, lost, back };
    }),
  );
  const lines = [
    ...reports.flatMap(settledLines),
    ...rounds.flatMap(({ node, lost, back }) => roundLines(node, lost, back)),
  ];
  return { settled: reports, rounds, lines };
}

/**
 * On to the moment when the others have settled and the node is still away: a fence boots it again within minutes. Where
 * they never settle without it, the last moment before it is back.
 */
function advanceToSettledWithout(run: Run, twin: Twin, cluster: string, node: string): void {
  const { clusters, hosts } = twin;
  const startMs = run.nowMs;
  const others = clusters.nodesOf(cluster).filter((other) => other !== node);
  const isNoticed = () => !others.some((other) => clusters.members(run, other).includes(node));
  for (let ms = LOOK_EVERY_MS; ms < LOST_FOR_MS; ms += LOOK_EVERY_MS) {
    if (run.nextMs !== undefined && run.nextMs <= startMs + ms && hosts.state(run, node) === "booting") {
      // Event by event, so as to stop before it is up.
      while (run.step(startMs + ms)) if (isNoticed() && clusters.isSettled(run, cluster)) return;
    }
    run.advanceTo(startMs + ms);
    if (hosts.isRunning(run, node) || (isNoticed() && clusters.isSettled(run, cluster))) return;
  }
}

function settledReport({ twin, base }: SettledTwin, cluster: string): SettledReport {
  const before = statusPlacement(twin, cluster);
  const after = placement(base, twin, cluster);
  const placed = placedIn(base, twin, cluster, (id) => after.get(id) ?? []);
  const down = [...after]
    .filter(([, nodes]) => nodes.length === 0)
    .map(([resource]) => ({ resource, from: before.get(resource) ?? [], to: [], why: whyStopped(placed, resource) }));
  return { cluster, before, after, changes: changes(base, twin, cluster, before, after), down };
}

/** What the file's own status says is active, as its last operations tell. */
function statusPlacement(twin: Twin, cluster: string): Placement {
  const { cib, nodes } = twin.topology.clusters.get(cluster)!;
  const active = new Map<string, string[]>(primitiveIds(cib).map((id) => [id, []]));
  for (const { node } of nodes)
    for (const [id, { operations }] of cib.status.nodes.get(node)?.resources ?? []) {
      const last = operations
        .filter(({ id: op }) => !op.endsWith("_last_failure_0"))
        .sort((a, b) => b.callId - a.callId)[0];
      const isUp =
        last &&
        ((last.operation === "monitor" && (last.rcCode === 0 || last.rcCode === 8)) ||
          (/^(start|promote|demote)$/.test(last.operation) && last.rcCode === 0));
      if (isUp) active.get(id.replace(/:\d+$/, ""))?.push(node);
    }
  return active;
}

export function placement(read: Reader, twin: Twin, cluster: string): Placement {
  const { clusters } = twin;
  const cib = clusters.cibOf(read, cluster);
  return new Map(
    primitiveIds(cib).map((id) => [
      id,
      clusters
        .resourceState(read, cluster, id)
        .places.filter(({ role, node }) => role !== "Stopped" && role !== "Unknown" && twin.hosts.isRunning(read, node))
        .map(({ node }) => node)
        .sort(),
    ]),
  );
}

/** A clone that lost only the instance on `gone` did not change otherwise and is left out. */
function changes(
  read: Reader,
  twin: Twin,
  cluster: string,
  before: Placement,
  after: Placement,
  gone?: string,
): readonly Change[] {
  const placed = placedIn(read, twin, cluster, (id) => after.get(id) ?? []);
  const found: Change[] = [];
  for (const [resource, to] of after) {
    const from = before.get(resource) ?? [];
    if (from.join() === to.join()) continue;
    const others = from.filter((node) => node !== gone);
    if (gone !== undefined && others.length > 0 && others.join() === to.join()) continue;
    found.push({ resource, from, to, why: to.length === 0 ? whyStopped(placed, resource) : [] });
  }
  return found;
}

function settledLines({ cluster, after, changes, down }: SettledReport): readonly string[] {
  const up = [...after.values()].filter((nodes) => nodes.length > 0).length;
  return [
    `cluster ${cluster}, left alone: ${up} of ${after.size} resources run`,
    ...changes.filter(({ to }) => to.length > 0).map(changeLine),
    ...rootLines(down),
  ];
}

/** Down resources under the root that holds them down, so that one cause is told once. */
function rootLines(down: readonly Change[]): readonly string[] {
  const roots = new Map<string, string[]>();
  for (const { resource, why } of down) {
    const root = why[why.length - 1] ?? "";
    roots.set(root, [...(roots.get(root) ?? []), resource]);
  }
  return [...roots].flatMap(([root, resources]) => [
    `  ${root}`,
    ...down
      .filter(({ resource, why }) => resources.includes(resource) && why.length > 1)
      .map(({ why }) => `    so ${why[0]}`),
  ]);
}

function roundLines(node: string, lost: readonly Change[], back: readonly Change[]): readonly string[] {
  return [
    `${node} lost: ${lost.length === 0 ? "nothing had to move" : ""}`.trimEnd(),
    ...lost.map(changeLine),
    `${node} back${back.length === 0 ? ": everything as before" : ", first place -> place now:"}`.trimEnd(),
    ...back.map(changeLine),
  ];
}

function changeLine({ resource, from, to, why }: Change): string {
  if (to.length === 0) return `  ${resource}: ${from.join(", ") || "nowhere"} -> stays down; ${why.join("; ")}`;
  return `  ${resource}: ${from.join(", ") || "nowhere"} -> ${to.join(", ")}`;
}
