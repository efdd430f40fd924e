import { clusterProperties } from "../primitives.js";
import type { Cluster, Release } from "../types.js";
import type { Loading } from "./loading.js";
import { present } from "./loading.js";

/** Decisions are those of this release; the topology's own may differ. */
export const DECIDING_RELEASE = "2.1.5";

/** Pacemaker's release: what the DCs wrote into the CIBs (dc-version), else the YAML's. */
export function loadRelease(loading: Loading, clusters: ReadonlyMap<string, Cluster>): Release {
  const yaml = loading.yaml.release ?? {};
  const said = [...clusters.values()].flatMap((cluster) => {
    const property = clusterProperties(cluster.cib).get("dc-version");
    const version = /^\d+\.\d+\.\d+/.exec(property?.value ?? "")?.[0];
    return version === undefined ? [] : [{ version, place: `${cluster.cibFile}:${property!.line}` }];
  });
  const first = said[0];
  if (yaml.pacemaker !== undefined && first !== undefined)
    loading.error(
      loading.place(["release", "pacemaker"]),
      `Pacemaker's release is stated here and at ${first.place}; a fact has one home. Here:`,
      yaml.pacemaker,
    );
  for (const { version, place } of said)
    if (version !== first!.version)
      loading.assume(`Pacemaker ${first!.version} runs everywhere`, `${place} says ${version}`);
  const pacemaker = first?.version ?? yaml.pacemaker ?? DECIDING_RELEASE;
  if (pacemaker !== DECIDING_RELEASE && clusters.size > 0)
    loading.assume(
      `Pacemaker ${DECIDING_RELEASE}'s decisions stand for ${pacemaker}'s`,
      first === undefined ? "the topology's release" : first.place,
    );
  const stacks = new Set([...clusters.values()].map(({ stack }) => stack));
  const stack = stacks.has("cman") ? "cman" : "corosync";
  return present({ pacemaker, stack, openstack: yaml.openstack, os: yaml.os });
}
