import { readCib } from "../../../../model/cluster/cib/read.js";
import { settingsOf } from "../../../../model/cluster/configuration/settings.js";
import { buildClusters, type ClusterDeps, type Clusters } from "../../../../model/cluster/index.js";
import { scheduler } from "../../../../model/cluster/scheduler/index.js";
import { Blueprint, type Instant, Run, type TraceEntry } from "../../../../model/kernel/index.js";
import { type LabParts, labParts } from "../../../../scenarios/recording/lab-parts.js";
import { labTopology } from "../../../../scenarios/recording/lab-topology.js";

export interface SmallClusterOptions {
  readonly nodes?: number;
  /** Inside `resources`, after the fence devices. */
  readonly resources?: string;
  readonly constraints?: string;
  readonly options?: Readonly<Record<string, string>>;
  /** nvpairs of one node's fence device, by node. */
  readonly fenceParameters?: Readonly<Record<string, string>>;
  /** Replaces the one device a node. */
  readonly fencing?: string;
  readonly fencingTopology?: string;
  readonly corosync?: { readonly two_node?: boolean; readonly wait_for_all?: boolean };
  readonly deps?: Partial<ClusterDeps>;
  readonly tickAll?: boolean;
  /** The lies of the power controller: what it says it did, it did not. */
  readonly seed?: number;
}

export interface SmallCluster {
  readonly run: Run;
  readonly blueprint: Blueprint;
  readonly parts: LabParts;
  readonly clusters: Clusters;
  readonly trace: readonly TraceEntry[];
  act(body: (instant: Instant) => void): void;
  /** Lets so much time pass. */
  pass(ms: number): void;
  /** What happened to matching subjects since `fromMs`, as `what subject`. */
  story(pattern: RegExp, fromMs?: number): readonly string[];
  /** Where a resource is active, by what its agent left on the nodes: the truth, not anybody's belief. */
  reallyActive(resource: string): readonly string[];
}

export const DB_GROUP = `
  <group id="g-db">
    <primitive id="vip-db" class="ocf" provider="heartbeat" type="IPaddr2">
      <instance_attributes id="vip-db-ia"><nvpair id="v-ip" name="ip" value="10.78.0.100"/></instance_attributes>
      <operations><op id="vip-m" name="monitor" interval="10s" timeout="20s"/></operations>
    </primitive>
    <primitive id="mysql" class="ocf" provider="pacemaker" type="Dummy">
      <operations><op id="my-m" name="monitor" interval="4s" timeout="30s"/></operations>
    </primitive>
  </group>`;

export const PREFERS_N1 = `<rsc_location id="l-g-db" rsc="g-db" node="n1" score="50"/>`;

/** A cluster of the lab's kind that boots at time 0; `settled` is where it has started everything. */
export function smallCluster(options: SmallClusterOptions = {}): SmallCluster {
  const count = options.nodes ?? 2;
  const names = Array.from({ length: count }, (_, i) => `n${i + 1}`);
  const devices =
    options.fencing ??
    names
      .map(
        (name) => `<primitive id="fence-${name}" class="stonith" type="fence_lab">
          <instance_attributes id="fa-${name}">
            <nvpair id="fa-${name}-l" name="pcmk_host_list" value="${name}"/>${options.fenceParameters?.[name] ?? ""}
          </instance_attributes>
        </primitive>`,
      )
      .join("");
  const bans = options.fencing
    ? ""
    : names
        .map((name) => `<rsc_location id="lf-${name}" rsc="fence-${name}" node="${name}" score="-INFINITY"/>`)
        .join("");
  const properties = { "stonith-enabled": "true", "no-quorum-policy": "stop", ...options.options };
  const text = `<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="5" num_updates="0" admin_epoch="0">
    <configuration>
      <crm_config><cluster_property_set id="cib-bootstrap-options">${Object.entries(properties)
        .map(([name, value]) => `<nvpair id="o-${name}" name="${name}" value="${value}"/>`)
        .join("")}</cluster_property_set></crm_config>
      <nodes>${names.map((name, i) => `<node id="${i + 1}" uname="${name}"/>`).join("")}</nodes>
      <resources>${devices}${options.resources ?? DB_GROUP}</resources>
      <constraints>${bans}${options.constraints ?? PREFERS_N1}</constraints>
      ${options.fencingTopology ? `<fencing-topology>${options.fencingTopology}</fencing-topology>` : ""}
    </configuration><status/></cib>`;
  const cib = readCib(text, "test.xml");
  const blueprint = new Blueprint();
  const parts = labParts(blueprint, names, settingsOf(cib).primitives, 500);
  const { topology } = labTopology(
    {
      nodes: count,
      corosync: {
        token: 1000,
        transport: "knet",
        two_node: options.corosync?.two_node ?? count === 2,
        wait_for_all: options.corosync?.wait_for_all ?? false,
      },
    },
    cib,
    "test.xml",
  );
  const { hosts, network, agents, power } = parts;
  const clusters = buildClusters(blueprint, topology, { hosts, network, agents, power, scheduler, ...options.deps });
  parts.onAttribute((instant, node, name, value) => clusters.setAttribute(instant, node, name, value));
  parts.onParameters((read, node, id) => settingsOf(clusters.cibOf(read, "lab", node)).primitives.get(id)?.parameters);
  const trace: TraceEntry[] = [];
  const run = new Run(blueprint.world(options.seed ?? 1), {
    onTrace: (entry) => trace.push(entry),
    ...(options.tickAll && { tickAll: true }),
  });
  const act = (body: (instant: Instant) => void) => run.act(body);
  return {
    run,
    blueprint,
    parts,
    clusters,
    trace,
    act,
    pass: (ms) => run.advanceTo(run.nowMs + ms, 1_000_000),
    story: (pattern, fromMs = 0) =>
      trace
        .filter((entry) => entry.atMs >= fromMs && pattern.test(`${entry.what} ${entry.subject}`))
        .map((entry) => `${entry.what} ${entry.subject}`),
    reallyActive: (resource) =>
      names.filter((name) =>
        [...run.get(parts.traces).keys()].some(
          (key) =>
            key.startsWith(`${name}/`) &&
            (key.includes(`-${resource}.state`) || (resource === "vip-db" && key.endsWith("/address/10.78.0.100"))),
        ),
      ),
  };
}

/** A small cluster that has booted and started everything. */
export function settledCluster(options: SmallClusterOptions = {}): SmallCluster {
  const cluster = smallCluster(options);
  cluster.pass(60_000);
  if (!cluster.clusters.isSettled(cluster.run, "lab")) throw new Error("the cluster has not settled within a minute");
  return cluster;
}
