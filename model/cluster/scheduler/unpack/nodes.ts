import type { XmlElement } from "../../cib/types.js";
import { child } from "../../cib/xml.js";
import { compareNames } from "../state/names.js";
import type { Unpacking } from "../state/unpacking.js";
import { parseBoolean } from "../state/values.js";
import { Node, zeroPerNode } from "../state/working.js";
import { bundleNodeNames } from "./bundle-xml.js";
import { isRemoteConnection } from "./remote-nodes.js";

interface Found {
  readonly id: string;
  readonly name: string;
  readonly kind: Node["kind"];
  readonly xml: XmlElement | undefined;
}

/**
 * Every node that the CIB knows, sorted by name: members from the nodes section, Pacemaker Remote nodes from their
 * connections, guest nodes from `remote-node` and from bundles, and remote nodes of which only a history is left.
 */
export function unpackNodes(unpacking: Unpacking): void {
  const { state } = unpacking;
  const found = new Map<string, Found>();
  const add = (id: string, name: string, kind: Node["kind"], xml?: XmlElement): void => {
    const known = found.get(name);
    if (!known) found.set(name, { id, name, kind, xml });
    // A guest may have an entry among the nodes, for attributes of its own.
    else if (kind === "guest" && known.kind === "remote") found.set(name, { ...known, kind });
  };
  for (const e of child(unpacking.configuration, "nodes")?.children ?? []) {
    const { id, uname, type } = e.attrs;
    if (e.name !== "node" || uname === undefined || id === undefined) continue;
    const kind = type === "remote" ? "remote" : type === "ping" ? "ping" : "member";
    add(id, uname, kind, e);
  }
  unpacking.nodesSeen = found.size;
  addRemoteNodes(unpacking, add);
  unpacking.nodesSeen = found.size;
  const bundled = new Set<string>();
  for (const e of child(unpacking.configuration, "resources")?.children ?? []) {
    if (e.name !== "bundle") continue;
    for (const name of bundleNodeNames(e)) {
      add(name, name, "guest");
      bundled.add(name);
    }
  }
  const configured = new Set(found.keys());
  for (const nodeState of state.cib.status.nodes.values()) {
    for (const history of nodeState.resources.values()) {
      if (history.type === "remote" && history.provider === "pacemaker" && history.class === "ocf") {
        if (isConfigured(unpacking, history.id)) continue;
        add(history.id, history.id, history.container === undefined ? "remote" : "guest");
      }
    }
  }
  const sorted = [...found.values()].sort((a, b) => compareNames(a.name, b.name));
  sorted.forEach((f, index) => {
    const node = new Node(index, f.id, f.name);
    node.kind = f.kind;
    state.nodes.push(node);
    state.nodesByName.set(f.name, node);
    state.nodesById.set(f.id, node);
  });
  const none = zeroPerNode(state.nodes.length);
  unpacking.nodesThere = none.slice();
  for (const { name, index } of state.nodes) {
    // What only a history knows becomes a node after the resources were read; a bundle's node, as the bundle is read.
    if (!configured.has(name)) continue;
    if (!bundled.has(name) || found.get(name)?.xml) unpacking.nodesThere[index] = 1;
  }
  unpacking.defaultAllowed = state.options.symmetricCluster ? unpacking.nodesThere.slice() : none;
  const dc = state.cib.attrs["dc-uuid"];
  state.dc = dc === undefined ? undefined : (state.nodesById.get(dc) ?? state.nodesByName.get(dc));
  if (state.dc) state.dc.isDc = true;
  for (const f of sorted) readAttributes(unpacking, state.nodesByName.get(f.name)!, f.xml);
}

function isConfigured(unpacking: Unpacking, id: string): boolean {
  const e = unpacking.find(id);
  return e?.name === "primitive";
}

function addRemoteNodes(
  unpacking: Unpacking,
  add: (id: string, name: string, kind: Node["kind"], xml?: XmlElement) => void,
): void {
  const guest = (e: XmlElement): void => {
    const meta = new Map<string, string>();
    unpacking.pairs(e, "meta_attributes", meta, unpacking.rules());
    const name = meta.get("remote-node");
    if (name !== undefined) add(name, name, "guest");
  };
  for (const e of child(unpacking.configuration, "resources")?.children ?? []) {
    if (e.name === "primitive") {
      const id = e.attrs["id"];
      if (isRemoteConnection(e) && id !== undefined) add(id, id, "remote");
      else guest(e);
    } else if (e.name === "group") {
      for (const c of e.children) if (c.name === "primitive") guest(c);
    }
  }
}

/**
 * Those that the cluster makes up, then the node's own attributes; transient ones come with the status. Of a remote or
 * guest node that is neither among the nodes nor in the status, only its kind is known.
 */
function readAttributes(unpacking: Unpacking, node: Node, xml: XmlElement | undefined): void {
  const attributes = new Map<string, string>();
  if (xml || hasState(unpacking, node)) {
    const clusterName = unpacking.state.options.all.get("cluster-name");
    attributes.set("#uname", node.name);
    attributes.set("#id", node.id);
    attributes.set("#is_dc", node.isDc ? "true" : "false");
    if (clusterName !== undefined) attributes.set("#cluster-name", clusterName);
  }
  attributes.set("#kind", node.kind === "guest" ? "container" : node.kind === "remote" ? "remote" : "cluster");
  if (xml) {
    unpacking.pairs(xml, "instance_attributes", attributes, unpacking.rules({ node: attributes }));
    const utilization = new Map<string, string>();
    unpacking.pairs(xml, "utilization", utilization, unpacking.rules({ node: attributes }));
    for (const [name, value] of utilization) node.utilization.set(name, Number.parseInt(value, 10) || 0);
  }
  node.attributes = attributes;
}

function hasState(unpacking: Unpacking, node: Node): boolean {
  for (const { id, uname } of unpacking.state.cib.status.nodes.values()) {
    if (id === node.id || uname === node.name) return true;
  }
  return false;
}

/** `#site-name` is the node's own site-name, else the cluster's name; known once the transient attributes are. */
export function nameSite(unpacking: Unpacking, attributes: Map<string, string>): void {
  if (!attributes.has("#uname")) return;
  const site = attributes.get("site-name") ?? unpacking.state.options.all.get("cluster-name");
  if (site !== undefined) attributes.set("#site-name", site);
}

/** Whether a node attribute is set and true. */
export function attributeIsTrue(node: Node, name: string): boolean {
  return parseBoolean(node.attributes.get(name)) === true;
}
