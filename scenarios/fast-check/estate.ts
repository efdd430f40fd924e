/** What a made-up estate consists of. */
export interface Estate {
  readonly nodes: number;
  readonly racks: number;
  readonly feeds: number;
  readonly fenced: boolean;
  /** Of the fence device that switches web1. */
  readonly delaySeconds: number;
  readonly tokenMs: number;
  readonly monitorSeconds: number;
  readonly stickiness: number;
  /** 0: never. */
  readonly migrationThreshold: number;
}

/** The estate as its files say it, by path. */
export function filesOf(estate: Estate): ReadonlyMap<string, string> {
  const numbers = Array.from({ length: estate.nodes }, (_, i) => i + 1);
  const files = new Map([
    ["topology.yaml", topologyYaml(estate, numbers)],
    ["files/all/etc/corosync/corosync.conf", corosyncConf(estate, numbers)],
    ["files/all/var/lib/pacemaker/cib/cib.xml", cib(estate, numbers)],
  ]);
  for (const n of numbers)
    for (const [nic, network] of [
      ["eth0", 0],
      ["eth1", 1],
    ])
      files.set(
        `files/web${n}/etc/sysconfig/network-scripts/ifcfg-${nic}`,
        `DEVICE=${nic}\nONBOOT=yes\nBOOTPROTO=static\nIPADDR=10.0.${network}.${network === 0 ? 10 + n : 20 + n}\nPREFIX=24\n`,
      );
  return files;
}

function topologyYaml({ racks, feeds, fenced }: Estate, numbers: readonly number[]): string {
  const rackOf = (n: number) => `rack-${racks > 1 ? n : 1}`;
  const allFeeds = Array.from({ length: feeds }, (_, i) => `feed-${i + 1}`);
  const power = `[${allFeeds.join(", ")}]`;
  const lines = ["name: small", "sites:", "  room: {}", "racks:"];
  for (const rack of new Set(numbers.map(rackOf))) lines.push(`  ${rack}: { site: room }`);
  lines.push("feeds:", ...allFeeds.map((feed) => `  ${feed}: { site: room }`));
  lines.push("networks:", "  public: { role: api, cidr: 10.0.0.0/24 }");
  lines.push("  management: { role: management, cidr: 10.0.1.0/24 }");
  lines.push("switches:", `  switch: { rack: rack-1, feeds: ${power} }`);
  lines.push("routers:", "  gateway:", `    feeds: ${power}`, "    switches: [switch]");
  lines.push("    interfaces: { public: 10.0.0.1 }", "    outside: true", "nodes:");
  for (const n of numbers)
    lines.push(
      `  web${n}:`,
      `    rack: ${rackOf(n)}`,
      `    feeds: ${power}`,
      `    files: [files/all, files/web${n}]`,
      "    nics:",
      "      eth0: { network: public, switch: switch }",
      "      eth1: { network: management, switch: switch }",
      "    units: [corosync, pacemaker]",
      "    boot: 1min",
    );
  if (fenced) lines.push("power:");
  for (const n of fenced ? numbers : [])
    lines.push(
      `  bmc-web${n}: { kind: ipmi, address: 10.0.1.1${n}, network: management, switch: switch, powers: web${n} }`,
    );
  lines.push("services:", "  nginx: { listens: [80] }", "journeys:", "  visit:", "    title: Open the site");
  lines.push("    legs:", '      - { reach: "vip:80", what: the site }');
  return `${lines.join("\n")}\n`;
}

function corosyncConf({ tokenMs }: Estate, numbers: readonly number[]): string {
  const node = (n: number) => `  node {\n    name: web${n}\n    nodeid: ${n}\n    ring0_addr: 10.0.0.${10 + n}\n  }\n`;
  const twoNode = numbers.length === 2 ? "  two_node: 1\n" : "";
  return (
    `totem {\n  version: 2\n  cluster_name: web\n  transport: knet\n  token: ${tokenMs}\n}\n` +
    `nodelist {\n${numbers.map(node).join("")}}\n` +
    `quorum {\n  provider: corosync_votequorum\n${twoNode}}\n`
  );
}

function cib(estate: Estate, numbers: readonly number[]): string {
  const { fenced, delaySeconds, monitorSeconds, stickiness, migrationThreshold } = estate;
  const pair = (id: string, name: string, value: string | number) =>
    `<nvpair id="${id}" name="${name}" value="${value}"/>`;
  const monitor = (id: string) =>
    `<operations><op id="${id}-monitor" name="monitor" interval="${monitorSeconds}s" timeout="20s"/></operations>`;
  const fence = (n: number) =>
    `<primitive class="stonith" id="fence-web${n}" type="fence_ipmilan"><instance_attributes id="fence-web${n}-params">` +
    `${pair(`fence-web${n}-list`, "pcmk_host_list", `web${n}`)}${pair(`fence-web${n}-ip`, "ip", `10.0.1.1${n}`)}` +
    `${n === 1 && delaySeconds > 0 ? pair("fence-web1-delay", "delay", delaySeconds) : ""}</instance_attributes></primitive>`;
  const away = (n: number) =>
    `<rsc_location id="fence-web${n}-away" node="web${n}" rsc="fence-web${n}" score="-INFINITY"/>`;
  const threshold =
    migrationThreshold > 0 ? pair("rsc-options-threshold", "migration-threshold", migrationThreshold) : "";
  return `<cib validate-with="pacemaker-3.8" epoch="1" num_updates="0" admin_epoch="0">
  <configuration>
    <crm_config><cluster_property_set id="cib-bootstrap-options">
      ${pair("options-dc-version", "dc-version", "2.1.5")}
      ${pair("options-stonith-enabled", "stonith-enabled", String(fenced))}
    </cluster_property_set></crm_config>
    <nodes>${numbers.map((n) => `<node id="${n}" uname="web${n}"/>`).join("")}</nodes>
    <resources>
      <group id="web">
        <primitive class="ocf" id="vip" provider="heartbeat" type="IPaddr2">
          <instance_attributes id="vip-params">${pair("vip-ip", "ip", "10.0.0.100")}${pair("vip-mask", "cidr_netmask", 24)}</instance_attributes>
          ${monitor("vip")}
        </primitive>
        <primitive class="systemd" id="site" type="nginx">${monitor("site")}</primitive>
      </group>
      ${fenced ? numbers.map(fence).join("\n      ") : ""}
    </resources>
    <constraints>${fenced ? numbers.map(away).join("") : ""}</constraints>
    <rsc_defaults><meta_attributes id="rsc-options">${pair("rsc-options-stickiness", "resource-stickiness", stickiness)}${threshold}</meta_attributes></rsc_defaults>
  </configuration>
  <status/>
</cib>
`;
}
