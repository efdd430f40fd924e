/**
 * A topology of any size for measuring growth: two-node clusters side by side, each with an address, a service behind
 * it and fencing, forty nodes a rack. Returns the files that a topology's loader would read, by path.
 */
export function syntheticTopology(nodes: number): ReadonlyMap<string, string> {
  const pairs = Math.max(1, Math.round(nodes / 2));
  const racks = Math.ceil((pairs * 2) / 40);
  const files = new Map<string, string>();
  const yaml: string[] = ["name: synthetic", `title: ${pairs * 2} nodes in pairs`, "sites:", "  dc1: {}", "racks:"];
  for (let r = 0; r < racks; r++) yaml.push(`  r${r}: { site: dc1 }`);
  yaml.push("feeds:", "  feed-a: { site: dc1 }", "  feed-b: { site: dc1 }");
  yaml.push("networks:", "  api: { role: api, cidr: 10.0.0.0/8 }", "  ring: { role: ring, cidr: 172.16.0.0/12 }");
  yaml.push("switches:", "  core: { rack: r0, feeds: [feed-a, feed-b] }");
  for (let r = 0; r < racks; r++) yaml.push(`  sw-r${r}: { rack: r${r}, feeds: [feed-a, feed-b] }`);
  yaml.push("links:");
  for (let r = 0; r < racks; r++) yaml.push(`  - { between: [core, sw-r${r}], networks: [api, ring] }`);
  yaml.push(
    "routers:",
    "  gateway:",
    "    feeds: [feed-a, feed-b]",
    "    switches: [core]",
    "    interfaces: { api: 10.255.255.254 }",
    "    outside: true",
  );
  yaml.push("services:", "  nginx: { listens: [80] }");
  yaml.push("nodes:");
  const power: string[] = ["power:"];
  const journeys: string[] = ["journeys:"];
  for (let p = 0; p < pairs; p++) {
    for (const side of [0, 1]) {
      const n = p * 2 + side;
      const name = nodeName(p, side);
      const sw = `sw-r${Math.floor(n / 40)}`;
      yaml.push(
        `  ${name}:`,
        `    rack: r${Math.floor(n / 40)}`,
        `    feeds: [${side === 0 ? "feed-a" : "feed-b"}]`,
        `    files: [files/p${p}]`,
        "    units: [corosync, pacemaker]",
        "    nics:",
      );
      yaml.push(`      eth0: { network: api, switch: ${sw}, address: 10.${host(n)}/8 }`);
      yaml.push(
        `      eth1: { network: ring, switch: ${sw}, address: 172.${16 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}/12 }`,
      );
      power.push(`  bmc-${name}: { kind: ipmi, address: ${bmc(n)}, network: api, switch: ${sw}, powers: ${name} }`);
    }
    files.set(`files/p${p}/etc/corosync/corosync.conf`, corosyncConf(p));
    files.set(`files/p${p}/var/lib/pacemaker/cib/cib.xml`, cibXml(p));
    journeys.push(
      `  use-${p}:`,
      `    title: Use service ${p}`,
      "    legs:",
      `      - { reach: "10.${vip(p)}:80", what: app }`,
    );
  }
  files.set("topology.yaml", `${[...yaml, ...power, ...journeys].join("\n")}\n`);
  return files;
}

export function nodeName(pair: number, side: number): string {
  return `p${pair}${side === 0 ? "a" : "b"}`;
}

function host(n: number): string {
  return `${1 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`;
}

function bmc(n: number): string {
  return `10.${200 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`;
}

function vip(p: number): string {
  return `100.${(p >> 8) & 255}.${p & 255}`;
}

function corosyncConf(p: number): string {
  const nodes = [0, 1].map((side) => {
    const n = p * 2 + side;
    return `  node {\n    ring0_addr: 172.${16 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}\n    name: ${nodeName(p, side)}\n    nodeid: ${side + 1}\n  }`;
  });
  return `totem {\n  version: 2\n  cluster_name: p${p}\n  transport: knet\n  token: 1000\n}\nnodelist {\n${nodes.join("\n")}\n}\nquorum {\n  provider: corosync_votequorum\n  two_node: 1\n  wait_for_all: 0\n}\n`;
}

function cibXml(p: number): string {
  const fences = [0, 1].map((side) => {
    const n = p * 2 + side;
    const id = `fence-${nodeName(p, side)}`;
    const pair = (name: string, value: string) => `<nvpair id="${id}-${name}" name="${name}" value="${value}"/>`;
    return `<primitive id="${id}" class="stonith" type="fence_ipmilan"><instance_attributes id="${id}-a">${pair("pcmk_host_list", nodeName(p, side))}${pair("ipaddr", bmc(n))}${side === 0 ? pair("delay", "5") : ""}</instance_attributes></primitive>`;
  });
  return `<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0" have-quorum="1" dc-uuid="1">
<configuration><crm_config><cluster_property_set id="opts"><nvpair id="opts-s" name="stonith-enabled" value="true"/></cluster_property_set></crm_config>
<nodes><node id="1" uname="${nodeName(p, 0)}"/><node id="2" uname="${nodeName(p, 1)}"/></nodes>
<resources>${fences.join("")}<group id="g${p}"><primitive id="vip${p}" class="ocf" provider="heartbeat" type="IPaddr2"><instance_attributes id="vip${p}-a"><nvpair id="vip${p}-ip" name="ip" value="10.${vip(p)}"/></instance_attributes><operations><op id="vip${p}-m" name="monitor" interval="10s" timeout="20s"/></operations></primitive><primitive id="app${p}" class="systemd" type="nginx"><operations><op id="app${p}-m" name="monitor" interval="10s" timeout="20s"/></operations></primitive></group></resources>
<constraints><rsc_location id="l${p}a" rsc="fence-${nodeName(p, 0)}" node="${nodeName(p, 0)}" score="-INFINITY"/><rsc_location id="l${p}b" rsc="fence-${nodeName(p, 1)}" node="${nodeName(p, 1)}" score="-INFINITY"/></constraints>
</configuration><status/></cib>
`;
}
