import { z } from "zod";
import { isAddress, isCidr, isNetworkAddress } from "./ipv4.js";
import { rateSchema } from "./rates.js";
import { SPAN_FORM, spanMs } from "./span-text.js";

/**
 * The form of a topology file: what no configuration file says. Identifiers are the keys of mappings. Objects are
 * strict: an unknown key is an error, so that a typo is never passed over.
 */

/** Letters, digits, dots, dashes and underscores: safe in paths of the graph, in URLs and on terminals. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const id = z.string().regex(ID, { error: "expected a name of letters, digits, dots, dashes and underscores" });
const unit = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,127}$/, { error: "expected the name of a unit" });
const address = z.string().refine(isAddress, { error: "expected an IPv4 address" });
const cidr = z
  .string()
  .refine((text) => isCidr(text) && isNetworkAddress(text), { error: "expected a network like 192.168.16.0/24" });
const span = z.string().refine((text) => spanMs(text) !== undefined, { error: `expected ${SPAN_FORM}` });
const endpoint = z
  .string()
  .regex(/^[A-Za-z0-9._-]+:\d{1,5}$/, { error: "expected ADDRESS:PORT, or the name of a VIP or node and its port" });
const port = z.int().min(1).max(65_535);
const text = z.string().min(1).max(200);
const folder = z
  .string()
  .refine((path) => path !== "" && !path.startsWith("/") && !path.split(/[/\\]/).includes(".."), {
    error: "expected a folder below the topology's own, without ..",
  });
const byId = <Value extends z.ZodType>(value: Value) => z.record(id, value);
const route = z.strictObject({
  to: z.string().refine(isCidr, { error: "expected a network like 169.254.169.254/32" }),
  via: address,
});

const site = z.strictObject({});
const rack = z.strictObject({ site: id });
const feed = z.strictObject({ site: id });
const physicalSwitch = z.strictObject({ rack: id, feeds: z.array(id).min(1) });
const network = z.strictObject({
  role: z.enum(["api", "ring", "storage", "management", "guests", "other"]),
  cidr,
  vlan: z.int().min(1).max(4094).optional(),
});
const link = z.strictObject({ between: z.tuple([id, id]), networks: z.array(id).min(1) });
const router = z.strictObject({
  rack: id.optional(),
  feeds: z.array(id).min(1),
  switches: z.array(id).min(1),
  /** Network → the router's address on it. */
  interfaces: z.record(id, address),
  routes: z.array(route).optional(),
  outside: z.boolean().optional(),
});
const hypervisor = z.strictObject({
  rack: id,
  feeds: z.array(id).min(1),
  /** Switch → networks carried by the cable to it. */
  uplinks: z.record(id, z.array(id).min(1)),
});
const nic = z.strictObject({
  /** An access port's network, or a trunk's. */
  network: id.optional(),
  trunk: z.array(id).min(1).optional(),
  /** The switch at the other end; two for a bond. Not for a virtual machine. */
  switch: z.union([id, z.array(id).min(1).max(4)]).optional(),
  /** Only where no ifcfg file says it: "192.168.16.11/24". */
  address: z.string().refine(isCidr, { error: "expected an address and prefix like 192.168.16.11/24" }).optional(),
});
const node = z.strictObject({
  rack: id.optional(),
  hypervisor: id.optional(),
  feeds: z.array(id).optional(),
  nics: z.record(id, nic).optional(),
  /** Folders that hold the node's files by absolute path; where two hold the same path, the later folder's counts. */
  files: z.array(folder).optional(),
  /** What init starts at boot, in that order. */
  units: z.array(unit).optional(),
  boot: span.optional(),
  /** Only where no file says it. */
  gateway: address.optional(),
});
const powerController = z.strictObject({
  kind: z.enum(["ipmi", "vcenter", "pdu"]),
  address,
  network: id,
  switch: id.optional(),
  hypervisor: id.optional(),
  rack: id.optional(),
  feeds: z.array(id).optional(),
  /** One node, or plug → node. */
  powers: z.union([id, z.record(z.string().min(1).max(200), id)]),
});
const need = z.strictObject({
  endpoint: endpoint.optional(),
  rpc: unit.optional(),
  mount: z.string().startsWith("/").optional(),
  local: unit.optional(),
});
const service = z.strictObject({
  listens: z.array(port).optional(),
  files: z.array(z.string().startsWith("/")).optional(),
  needs: z.array(need).optional(),
});
const storage = z.strictObject({
  luns: byId(
    z.strictObject({
      "volume-group": id,
      nodes: z.array(id).min(1),
      feeds: z.array(id).optional(),
      /** It holds a whole copy of the group: with several such, the group is there while one of them is. */
      mirror: z.boolean().optional(),
    }),
  ).optional(),
  /** By the backend's section in cinder.conf. */
  tiers: z
    .record(
      id,
      z.strictObject({
        osds: z.array(id).min(1).optional(),
        bricks: z.array(id).min(1).optional(),
        replica: z.int().min(1).max(16).optional(),
        nsds: z.array(id).min(1).optional(),
      }),
    )
    .optional(),
});
const neutron = z.strictObject({
  networks: byId(
    z.strictObject({
      tenant: id,
      /** The network (VLAN) that carries it; its cidr is the subnet's. */
      network: id,
      "physical-network": id,
      provider: z.boolean().optional(),
      gateway: address.optional(),
      /** DHCP agent's node → the address of its port. */
      dhcp: z.record(id, address).optional(),
      "host-routes": z.array(route).optional(),
    }),
  ),
  routers: byId(
    z.strictObject({
      tenant: id,
      node: id,
      interfaces: z.record(id, address),
      gateway: z.strictObject({ network: id, address }).optional(),
    }),
  ).optional(),
});
const image = z.strictObject({
  os: z.enum(["linux", "windows"]),
  format: z.enum(["qcow2", "vmdk", "raw"]),
  origin: z.enum(["imported", "built"]),
  files: z.array(folder).optional(),
  /** Only where no route file says it. */
  routes: z.array(route).optional(),
  "dhcp-routes": z.boolean().optional(),
  "cloud-init": z.strictObject({ "max-wait": span.optional(), timeout: span.optional() }).optional(),
});
const guest = z.strictObject({
  tenant: id,
  compute: id,
  image: id,
  network: id,
  address,
  egress: z.boolean().optional(),
});
const leg = z.strictObject({
  reach: endpoint.optional(),
  what: text.optional(),
  "store-image": z.literal(true).optional(),
  "boot-guest": z.strictObject({ network: id }).optional(),
  "guest-metadata": id.optional(),
  "guest-reachable": id.optional(),
  "attach-volume": z.strictObject({ tier: id, compute: id }).optional(),
});
const journey = z.strictObject({ title: text, legs: z.array(leg).min(1).max(50) });

export const topologySchema = z.strictObject({
  name: id,
  title: text.optional(),
  release: z
    .strictObject({
      /** Only where no CIB says it (dc-version). */
      pacemaker: z
        .string()
        .regex(/^\d+\.\d+(\.\d+)?$/, { error: "expected a release like 2.1.5" })
        .optional(),
      openstack: text.optional(),
      os: text.optional(),
    })
    .optional(),
  sites: byId(site),
  racks: byId(rack),
  feeds: byId(feed),
  networks: byId(network),
  switches: byId(physicalSwitch),
  links: z.array(link).optional(),
  routers: byId(router).optional(),
  hypervisors: byId(hypervisor).optional(),
  nodes: byId(node),
  power: byId(powerController).optional(),
  /** Units that the catalogue does not know. */
  services: z.record(unit, service).optional(),
  storage: storage.optional(),
  neutron: neutron.optional(),
  images: byId(image).optional(),
  guests: byId(guest).optional(),
  journeys: byId(journey).optional(),
  /** A key of the default durations, or CLUSTER/RESOURCE.start, .stop, .monitor, .promote, .demote. */
  durations: z.record(z.string().min(1).max(200), span).optional(),
  /** A fault (`lose-node`), or one of one part (`lose-node db1`): how often it strikes, how long its repair takes. */
  rates: z.record(z.string().min(1).max(300), rateSchema).optional(),
});

export type TopologyYaml = z.infer<typeof topologySchema>;

/** The published JSON Schema, for editors. */
export function topologyJsonSchema(): Record<string, unknown> {
  const whole = z.toJSONSchema(topologySchema, { io: "input" });
  const base = { type: "string", pattern: "^\\.\\./", description: "A topology beside this one, on which it stands." };
  return {
    ...whole,
    properties: { ...whole.properties, base },
    // What stands on a base says only what is different.
    required: ["name"],
    if: { not: { required: ["base"] } },
    // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own word.
    then: { required: whole.required },
    title: "Fencepost topology",
    description: "What no configuration file of a highly available cloud says; what they say is read from them.",
  };
}
