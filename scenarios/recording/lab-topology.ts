import type { Cib } from "../../model/cluster/cib/types.js";
import { intervalMs } from "../../model/cluster/configuration/interval.js";
import { settingsOf } from "../../model/cluster/configuration/settings.js";
import type { Cluster, FenceDevice, Topology } from "../../model/topology/types.js";
import type { Recording } from "./recording-file.js";

/** The lab's cluster as a topology: nodes n1, n2, … on one bridge, a power controller that knows them all. */
export function labTopology(
  recording: Pick<Recording, "nodes" | "corosync">,
  cib: Cib,
  file: string,
): { topology: Pick<Topology, "clusters" | "nodes">; names: readonly string[] } {
  const names = Array.from({ length: recording.nodes }, (_, i) => `n${i + 1}`);
  const { token, two_node: twoNode, wait_for_all: waitForAll, transport } = recording.corosync;
  // corosync.conf(5): token_coefficient 650 ms for each node beyond two.
  const tokenMs = token + Math.max(0, recording.nodes - 2) * 650;
  const place = { file, line: 0 };
  const targets = new Map(names.map((name) => [name, name]));
  const fenceDevices: FenceDevice[] = [...settingsOf(cib).primitives.values()]
    .filter((primitive) => primitive.class === "stonith")
    .map((primitive) => ({
      id: primitive.id,
      agent: primitive.type,
      controller: "bmc",
      targets,
      delayMs: intervalMs(primitive.parameters.get("delay"), 0),
      powerWaitMs: 0,
      parameters: primitive.parameters,
      place,
    }));
  const cluster: Cluster = {
    id: "lab",
    stack: "corosync",
    nodes: names.map((node, i) => ({
      node,
      id: String(i + 1),
      nodeId: i + 1,
      votes: 1,
      rings: [{ network: "ring", address: `10.78.0.${i + 1}` }],
    })),
    totem: {
      tokenMs,
      consensusMs: Math.round(tokenMs * 1.2),
      joinMs: 50,
      retransmitsBeforeLoss: 4,
      secauth: false,
      transport: transport === "udpu" || transport === "udp" ? transport : "knet",
      defaulted: [],
    },
    quorum: {
      provider: "corosync_votequorum",
      twoNode,
      expectedVotes: names.length,
      waitForAll,
      lastManStanding: false,
      lastManStandingWindowMs: 10_000,
      autoTieBreaker: false,
      autoTieBreakerNode: "lowest",
      allowDowngrade: false,
      defaulted: [],
    },
    postFailDelayMs: 0,
    postJoinDelayMs: 0,
    cib,
    cibFile: file,
    fenceDevices,
  };
  const nodes = new Map(
    names.map((id) => [
      id,
      { id, feeds: [], nics: [], routes: [], units: [], clusterAtBoot: true, files: new Map(), bootMs: 0, place },
    ]),
  );
  return { topology: { clusters: new Map([["lab", cluster]]), nodes }, names };
}
