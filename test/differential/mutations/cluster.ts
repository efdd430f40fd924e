import { all, type Draft, type Draws, type Mutation, pick, section, setPair, setTransient } from "./draft.js";

const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  "no-quorum-policy": ["stop", "freeze", "ignore", "demote", "suicide"],
  "stonith-enabled": ["true", "false"],
  "symmetric-cluster": ["true", "false"],
  "maintenance-mode": ["true"],
  "stop-all-resources": ["true"],
  "start-failure-is-fatal": ["true", "false"],
  "placement-strategy": ["default", "utilization", "minimal", "balanced"],
  "concurrent-fencing": ["true", "false"],
  "stonith-action": ["off", "reboot", "poweroff"],
  "stonith-timeout": ["90s"],
  "stop-orphan-resources": ["false", "true"],
  "stop-orphan-actions": ["false", "true"],
  "remove-after-stop": ["true"],
  "enable-startup-probes": ["false"],
  "startup-fencing": ["false"],
  "priority-fencing-delay": ["15"],
  "shutdown-lock": ["true"],
  "shutdown-lock-limit": ["0", "600"],
  "node-health-strategy": ["none", "migrate-on-red", "only-green", "progressive", "custom"],
  "node-health-base": ["100", "-100"],
  "node-health-green": ["10"],
  "node-health-yellow": ["-20"],
  "node-health-red": ["-INFINITY", "-200"],
  "have-watchdog": ["true"],
  "stonith-watchdog-timeout": ["10", "0"],
  "migration-limit": ["1"],
  "cluster-name": ["mutants"],
};

const NODE_STATES: Readonly<Record<string, Record<string, string>>> = {
  unclean: { in_ccm: "false", crmd: "offline", join: "down", expected: "member" },
  offline: { in_ccm: "false", crmd: "offline", join: "down", expected: "down" },
  online: { in_ccm: "true", crmd: "online", join: "member", expected: "member" },
  pending: { in_ccm: "true", crmd: "online", join: "pending", expected: "member" },
  "without-process": { in_ccm: "true", crmd: "offline", join: "member", expected: "member" },
};

/** Changes of the cluster as such: its nodes, its options, quorum, tickets. */
export const CLUSTER: readonly Mutation[] = [
  nodeLeaves,
  nodeLeaves,
  function nodeAttribute(root, draws) {
    const node = pick(section(root, "nodes"), draws, "node");
    if (!node) return undefined;
    const name = draws.of(["standby", "standby", "maintenance"]);
    const value = draws.of(["true", "true", "false"]);
    setPair(node, "instance_attributes", name, value);
    return `node ${node.attrs["uname"]} ${name}=${value}`;
  },
  function nodeStops(root, draws) {
    const node = pick(root, draws, "node_state");
    if (!node) return undefined;
    setTransient(node, "shutdown", "1400000000");
    return `node ${node.attrs["uname"] ?? node.attrs["id"]} shutting down`;
  },
  function nodeState(root, draws) {
    const node = pick(root, draws, "node_state");
    if (!node) return undefined;
    const [name, value] = draws.of([
      ["standby", "true"],
      ["maintenance", "true"],
      ["terminate", "true"],
      ["#health-disk", draws.of(["red", "yellow", "green", "-50", "10"])],
      ["#node-unfenced", draws.of(["0", "1400000000"])],
      ["resource-discovery-enabled", "false"],
    ] as const);
    setTransient(node, name, value);
    return `node ${node.attrs["uname"] ?? node.attrs["id"]} has ${name}=${value}`;
  },
  function remoteNodeState(root, draws) {
    const remote = all(root, ["node_state"]).filter((n) => n.attrs["remote_node"] !== undefined);
    if (remote.length === 0) return undefined;
    const node = draws.of(remote);
    const [name, value] = draws.of([
      ["in_ccm", "true"],
      ["in_ccm", "false"],
      ["node_fenced", "1"],
      ["node_in_maintenance", "1"],
    ] as const);
    node.attrs[name] = value;
    return `remote node ${node.attrs["id"]} ${name}=${value}`;
  },
  function nodeForgotten(root, draws) {
    const status = section(root, "status");
    if (!status || status.children.length < 2) return undefined;
    const [gone] = status.children.splice(draws.below(status.children.length), 1);
    return `${gone!.name} ${gone!.attrs["uname"] ?? gone!.attrs["id"] ?? ""} forgotten`;
  },
  function quorum(root) {
    const had = root.attrs["have-quorum"] === "1" || root.attrs["have-quorum"] === "true";
    root.attrs["have-quorum"] = had ? "0" : "1";
    return had ? "quorum lost" : "quorum gained";
  },
  option,
  option,
  function ticket(root, draws) {
    const state = pick(root, draws, "ticket_state");
    if (!state) return undefined;
    const name = draws.of(["granted", "standby"]);
    state.attrs[name] = state.attrs[name] === "true" ? "false" : "true";
    return `ticket ${state.attrs["id"]} ${name}=${state.attrs[name]}`;
  },
];

function nodeLeaves(root: Draft, draws: Draws): string | undefined {
  const node = pick(root, draws, "node_state");
  if (!node) return undefined;
  const state = draws.of(Object.keys(NODE_STATES));
  Object.assign(node.attrs, NODE_STATES[state]!);
  return `node ${node.attrs["uname"] ?? node.attrs["id"]} ${state}`;
}

function option(root: Draft, draws: Draws): string | undefined {
  const config = section(root, "crm_config");
  if (!config) return undefined;
  const name = draws.of(Object.keys(OPTIONS));
  const value = draws.of(OPTIONS[name]!);
  for (const set of config.children) set.children = set.children.filter((c) => c.attrs["name"] !== name);
  setPair(config, "cluster_property_set", name, value);
  return `option ${name}=${value}`;
}
