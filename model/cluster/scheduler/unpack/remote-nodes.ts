import type { XmlElement } from "../../cib/types.js";
import { element } from "../../cib/xml.js";

/** Whether a primitive's XML is the connection to a Pacemaker Remote node. */
export function isRemoteConnection(e: XmlElement): boolean {
  return (
    e.name === "primitive" &&
    e.attrs["class"] === "ocf" &&
    e.attrs["provider"] === "pacemaker" &&
    e.attrs["type"] === "remote"
  );
}

/** Meta-attributes of a primitive that make it the container of a guest node. */
export interface GuestMeta {
  readonly name: string;
  readonly port: string | undefined;
  readonly address: string | undefined;
  readonly connectTimeout: string | undefined;
  readonly allowMigrate: string | undefined;
  readonly managed: string | undefined;
}

/** Pacemaker Explained, remote-connect-timeout. */
const DEFAULT_CONNECT_TIMEOUT = "60s";

export function guestMeta(meta: ReadonlyMap<string, string>): GuestMeta | undefined {
  const name = meta.get("remote-node");
  if (name === undefined) return undefined;
  return {
    name,
    port: meta.get("remote-port"),
    address: meta.get("remote-addr"),
    connectTimeout: meta.get("remote-connect-timeout") ?? DEFAULT_CONNECT_TIMEOUT,
    allowMigrate: meta.get("remote-allow-migrate"),
    managed: meta.get("is-managed"),
  };
}

/** The implicit connection resource of a guest node or bundle replica. `container` is the resource that holds it. */
export function connectionXml(guest: GuestMeta, container: string): XmlElement {
  const id = guest.name;
  const pair = (set: string, name: string, value: string): XmlElement =>
    element("nvpair", { id: `${set}-${name}`, name, value });
  const metaId = `${id}-meta_attributes`;
  const meta = [pair(metaId, "internal_rsc", "true"), pair(metaId, "container", container)];
  if (guest.allowMigrate !== undefined) meta.push(pair(metaId, "allow-migrate", guest.allowMigrate));
  if (guest.managed !== undefined) meta.push(pair(metaId, "is-managed", guest.managed));
  const children: XmlElement[] = [element("meta_attributes", { id: metaId }, meta)];
  const operations = [
    element("op", { id: `${id}-monitor-interval-30s`, timeout: "30s", interval: "30s", name: "monitor" }),
  ];
  if (guest.connectTimeout !== undefined) {
    operations.push(
      element("op", { id: `${id}-start-interval-0`, timeout: guest.connectTimeout, interval: "0", name: "start" }),
    );
  }
  children.push(element("operations", {}, operations));
  if (guest.address !== undefined || guest.port !== undefined) {
    const set = `${id}-instance_attributes`;
    const parameters: XmlElement[] = [];
    if (guest.address !== undefined) parameters.push(pair(set, "addr", guest.address));
    if (guest.port !== undefined) parameters.push(pair(set, "port", guest.port));
    children.push(element("instance_attributes", { id: set }, parameters));
  }
  return element("primitive", { id, class: "ocf", provider: "pacemaker", type: "remote" }, children);
}
