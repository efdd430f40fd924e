import type { XmlElement } from "../../cib/types.js";
import { child, childrenNamed, element } from "../../cib/xml.js";
import { connectionXml } from "./remote-nodes.js";

/** What a bundle asks for, read from its XML. */
export interface BundleShape {
  readonly id: string;
  readonly technology: "docker" | "podman" | "rkt";
  readonly replicas: number;
  /** As many replicas are asked for; more than `replicas` where there is a limit to what is modelled. */
  readonly wanted: number;
  readonly replicasPerHost: number;
  readonly promotedMax: number;
  /** The container description (`docker`, `podman`, `rkt`). */
  readonly container: XmlElement;
  readonly network: XmlElement | undefined;
  readonly primitive: XmlElement | undefined;
}

/** The XML of one replica's implicit resources; `name` is its guest node. */
export interface ReplicaXml {
  readonly offset: number;
  readonly name: string;
  readonly address: string | undefined;
  readonly ip: XmlElement | undefined;
  readonly container: XmlElement;
  readonly remote: XmlElement | undefined;
}

const DEFAULT_PORT = "3121";
const MOST_REPLICAS = 500;

/** Undefined where the bundle describes no container that is known. */
export function bundleShape(e: XmlElement): BundleShape | undefined {
  const container = child(e, "docker") ?? child(e, "podman") ?? child(e, "rkt");
  if (!container) return undefined;
  const a = container.attrs;
  const whole = (text: string | undefined): number => Number.parseInt(text ?? "", 10) || 0;
  const promotedMax = Math.max(0, whole(a["promoted-max"] ?? a["masters"]));
  const replicas = a["replicas"] === undefined ? Math.max(promotedMax, 1) : whole(a["replicas"]);
  return {
    id: e.attrs["id"] ?? "",
    technology: container.name as BundleShape["technology"],
    replicas: Math.min(Math.max(replicas, 1), MOST_REPLICAS),
    wanted: replicas,
    replicasPerHost: Math.max(1, whole(a["replicas-per-host"])),
    promotedMax,
    container,
    network: child(e, "network"),
    primitive: child(e, "primitive"),
  };
}

/** Whether the bundle's containers run something that Pacemaker Remote manages inside them. */
function hasRemote(shape: BundleShape): boolean {
  const { network, primitive } = shape;
  if (!primitive) return false;
  return network?.attrs["ip-range-start"] !== undefined || network?.attrs["control-port"] !== undefined;
}

/** The guest nodes that a bundle brings. */
export function bundleNodeNames(e: XmlElement): string[] {
  const shape = bundleShape(e);
  if (!shape || !hasRemote(shape)) return [];
  return Array.from({ length: shape.replicas }, (_, i) => `${shape.id}-${i}`);
}

export function replicaXmls(shape: BundleShape, e: XmlElement): ReplicaXml[] {
  const all: ReplicaXml[] = [];
  let address = shape.network?.attrs["ip-range-start"];
  const addresses: (string | undefined)[] = [];
  for (let i = 0; i < shape.replicas; i++) {
    addresses.push(address);
    address = address === undefined ? undefined : nextAddress(address);
  }
  const hosts =
    addresses[0] === undefined || shape.network?.attrs["add-host"] === "false" ? "" : hostOptions(shape, addresses);
  for (let offset = 0; offset < shape.replicas; offset++) {
    const name = `${shape.id}-${offset}`;
    const ip = addresses[offset];
    const containerId = `${shape.id}-${shape.technology}-${offset}`;
    const remote = hasRemote(shape)
      ? connectionXml(
          {
            name,
            port: shape.network?.attrs["control-port"] ?? DEFAULT_PORT,
            address: ip ?? "#uname",
            connectTimeout: undefined,
            allowMigrate: undefined,
            managed: undefined,
          },
          containerId,
        )
      : undefined;
    all.push({
      offset,
      name,
      address: ip,
      ip: ip === undefined ? undefined : ipXml(shape, ip),
      container: containerXml(shape, e, containerId, name, ip, hosts),
      remote,
    });
  }
  return all;
}

function hostOptions(shape: BundleShape, addresses: readonly (string | undefined)[]): string {
  return addresses.map((ip, i) => ` --add-host=${shape.id}-${i}:${ip}`).join("");
}

/** The next address of an IPv4 or IPv6 range, as far as the last number goes. */
function nextAddress(address: string): string | undefined {
  if (address.includes(":")) {
    const at = address.lastIndexOf(":");
    const next = Number.parseInt(address.slice(at + 1) || "0", 16) + 1;
    return next > 0xffff ? undefined : `${address.slice(0, at + 1)}${next.toString(16)}`;
  }
  const parts = address.split(".").map(Number);
  if (parts.length !== 4 || parts.some(Number.isNaN)) return undefined;
  let [a, b, c, d] = parts as [number, number, number, number];
  d++;
  if (d > 254) {
    d = 1;
    c++;
  }
  if (c > 254) {
    c = 1;
    b++;
  }
  if (b > 254) {
    b = 1;
    a++;
  }
  return a > 254 ? undefined : `${a}.${b}.${c}.${d}`;
}

function parameters(id: string, pairs: readonly (readonly [name: string, value: string])[]): XmlElement {
  const set = `${id}-attributes-${id}`;
  return element(
    "instance_attributes",
    { id: set },
    pairs.map(([name, value]) => element("nvpair", { id: `${set}-${name}`, name, value })),
  );
}

function monitorEvery(id: string, interval: string): XmlElement {
  return element("operations", {}, [element("op", { id: `${id}-monitor-${interval}`, name: "monitor", interval })]);
}

/** The implicit address: `BUNDLE-ip-ADDRESS`. */
function ipXml(shape: BundleShape, ip: string): XmlElement {
  const id = `${shape.id}-ip-${ip}`;
  const pairs: [string, string][] = [["ip", ip]];
  const nic = shape.network?.attrs["host-interface"];
  if (nic !== undefined) pairs.push(["nic", nic]);
  pairs.push(["cidr_netmask", shape.network?.attrs["host-netmask"] ?? "32"]);
  return element("primitive", { id, class: "ocf", provider: "heartbeat", type: "IPaddr2" }, [
    parameters(id, pairs),
    monitorEvery(id, "60s"),
  ]);
}

interface Mount {
  readonly source: string;
  readonly target: string;
  readonly options: string | undefined;
  /** The source is a root under which each replica has a directory. */
  readonly perReplica: boolean;
}

function mounts(shape: BundleShape, e: XmlElement): Mount[] {
  const all: Mount[] = childrenNamed(child(e, "storage"), "storage-mapping").map((m) => ({
    source: m.attrs["source-dir"] ?? m.attrs["source-dir-root"] ?? "",
    target: m.attrs["target-dir"] ?? "",
    options: m.attrs["options"],
    perReplica: m.attrs["source-dir"] === undefined,
  }));
  if (!shape.primitive) return all;
  all.push({
    source: "/etc/pacemaker/authkey",
    target: "/etc/pacemaker/authkey",
    options: undefined,
    perReplica: false,
  });
  all.push({ source: "/var/log/pacemaker/bundles", target: "/var/log", options: undefined, perReplica: true });
  return all;
}

/** The implicit container: `BUNDLE-docker-0`. */
function containerXml(
  shape: BundleShape,
  e: XmlElement,
  id: string,
  name: string,
  ip: string | undefined,
  hosts: string,
): XmlElement {
  const a = shape.container.attrs;
  const all = mounts(shape, e);
  let options = shape.technology === "docker" && !a["options"]?.includes("--restart") ? " --restart=no" : "";
  if (ip !== undefined) options += ` -h ${name}`;
  options += " -e PCMK_stderr=1";
  if (a["network"] !== undefined) options += ` --net=${a["network"]}`;
  options += ` -e PCMK_remote_port=${shape.network?.attrs["control-port"] ?? DEFAULT_PORT}`;
  for (const m of all) {
    const source = m.perReplica ? `${m.source}/${name}` : m.source;
    options += ` -v ${source}:${m.target}${m.options === undefined ? "" : `:${m.options}`}`;
  }
  if (ip !== undefined) options += portOptions(shape, ip);
  if (a["options"] !== undefined) options += ` ${a["options"]}`;
  options += ` ${hosts}`;
  const pairs: [string, string][] = [
    ["image", a["image"] ?? ""],
    ["allow_pull", "true"],
    ["force_kill", "false"],
    ["reuse", "false"],
    ["run_opts", options],
    ["monitor_cmd", "/bin/true"],
    [
      "mount_points",
      all
        .filter((m) => m.perReplica)
        .map((m) => `${m.source}/${name}`)
        .join(","),
    ],
  ];
  if (shape.primitive) {
    pairs.push(["run_cmd", a["run-command"] ?? "/usr/sbin/pacemaker-remoted"]);
  } else if (a["run-command"] !== undefined) pairs.push(["run_cmd", a["run-command"]]);
  return element("primitive", { id, class: "ocf", provider: "heartbeat", type: shape.technology }, [
    parameters(id, pairs),
    monitorEvery(id, "60s"),
  ]);
}

function portOptions(shape: BundleShape, ip: string): string {
  let text = "";
  for (const m of childrenNamed(shape.network, "port-mapping")) {
    const source = m.attrs["port"] ?? m.attrs["range"] ?? "";
    text += ` -p ${ip}:${source}:${m.attrs["internal-port"] ?? source}`;
  }
  if (shape.primitive) {
    const port = shape.network?.attrs["control-port"] ?? DEFAULT_PORT;
    text += ` -p ${ip}:${port}:${port}`;
  }
  return text;
}

/** The clone that holds the bundle's own primitive: `BUNDLE-master` or `BUNDLE-clone`. */
export function bundleCloneXml(shape: BundleShape): XmlElement {
  const promotable = shape.promotedMax > 0;
  const id = `${shape.id}-${promotable ? "master" : "clone"}`;
  const set = `${id}-meta`;
  const pair = (name: string, value: string): XmlElement => element("nvpair", { id: `${set}-${name}`, name, value });
  const pairs = [
    pair("ordered", "true"),
    pair("clone-max", String(shape.replicas)),
    pair("clone-node-max", String(shape.replicasPerHost)),
    pair("globally-unique", shape.replicasPerHost > 1 ? "true" : "false"),
  ];
  if (promotable) pairs.push(pair("promotable", "true"), pair("promoted-max", String(shape.promotedMax)));
  return element("clone", { id }, [
    element("meta_attributes", { id: set }, pairs),
    ...(shape.primitive ? [shape.primitive] : []),
  ]);
}
