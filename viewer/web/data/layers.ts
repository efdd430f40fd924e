/** What a reader turns on and off together. Containers belong to none: they are always there. */
export const LAYERS = ["power", "network", "cluster", "data path", "storage"] as const;
export type Layer = (typeof LAYERS)[number];

const OF_KIND: Readonly<Record<string, Layer>> = {
  feed: "power",
  "power-controller": "power",
  "fence-device": "power",
  switch: "network",
  router: "network",
  network: "network",
  nic: "network",
  address: "network",
  resource: "cluster",
  unit: "data path",
  proxy: "data path",
  endpoint: "data path",
  journey: "data path",
  service: "data path",
  guest: "data path",
  image: "data path",
  "neutron-network": "data path",
  "neutron-router": "data path",
  export: "storage",
  mount: "storage",
  database: "storage",
  lun: "storage",
  tier: "storage",
};

const OF_EDGE: Readonly<Record<string, Layer>> = {
  "powered-by": "power",
  powers: "power",
  "switches-through": "power",
  link: "network",
  joins: "network",
  "held-by": "network",
  "member-of": "cluster",
  "runs-on": "cluster",
  "ordered-after": "cluster",
  "colocated-with": "cluster",
  "started-by": "cluster",
  "depends-on": "data path",
  "answered-by": "data path",
  balances: "data path",
  "served-by": "data path",
  mounts: "storage",
  "stored-on": "storage",
  "boots-from": "storage",
};

export function layerOfKind(kind: string): Layer | undefined {
  return OF_KIND[kind];
}

export function layerOfEdge(kind: string): Layer | undefined {
  return OF_EDGE[kind];
}
