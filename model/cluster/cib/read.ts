import { InputError } from "../../errors.js";
import { readOperation } from "./read-operation.js";
import { checkSchema } from "./schema/check.js";
import type { Cib, CibNote, NodeState, OperationHistory, ResourceHistory, TicketState, XmlElement } from "./types.js";
import { upgradeConfiguration } from "./upgrade.js";
import { wholeNumber } from "./whole-number.js";
import { child, element, noAttrs, parseXml } from "./xml.js";

/**
 * Reads a CIB from XML text. `file` is for messages alone. Throws InputError with file and line, also where Pacemaker's
 * schema refuses the configuration.
 */
export function readCib(text: string, file: string): Cib {
  const root = parseXml(text, file);
  const configuration = child(root, "configuration");
  if (root.name === "cib" && configuration) checkSchema(root, configuration, file);
  return cibFromXml(root, file);
}

/** Reads a CIB from its root element. Throws InputError where it is no CIB or follows an unknown schema. */
export function cibFromXml(root: XmlElement, file: string): Cib {
  if (root.name !== "cib") {
    throw new InputError({ file, line: root.line, message: "not a CIB: the root element is", value: root.name });
  }
  const notes: CibNote[] = [];
  const written = child(root, "configuration");
  if (!written) throw new InputError({ file, line: root.line, message: "a CIB without a configuration section" });
  const upgraded = upgradeConfiguration(root, written, file, notes);
  const stack = child(written, "crm_config")
    ?.children.flatMap((set) => set.children)
    .find(({ attrs }) => attrs["name"] === "cluster-infrastructure")?.attrs["value"];
  return {
    attrs: upgraded.attrs,
    configuration: upgraded.configuration,
    ...(stack !== undefined && { stack }),
    status: readStatus(child(root, "status"), notes),
    notes,
  };
}

function readStatus(status: XmlElement | undefined, notes: CibNote[]): Cib["status"] {
  const nodes = new Map<string, NodeState>();
  const tickets = new Map<string, TicketState>();
  for (const e of status?.children ?? []) {
    if (e.name === "node_state") {
      const node = readNodeState(e, notes);
      const key = node.uname === "" ? node.id : node.uname;
      // Two records of one name are two machines that bore it: the id tells them apart.
      nodes.set(nodes.has(key) ? `${key} (${node.id})` : key, node);
    } else if (e.name === "tickets") {
      for (const t of e.children) readTickets(t, tickets);
    }
  }
  return { nodes, tickets };
}

/** `ticket_state` holds attributes; the older `instance_attributes` form holds name-value pairs `granted-ticket-NAME`. */
function readTickets(e: XmlElement, tickets: Map<string, TicketState>): void {
  if (e.name === "ticket_state") {
    const { id, granted, "last-granted": lastGranted, standby, ...attributes } = e.attrs;
    if (id !== undefined) tickets.set(id, { id, granted, lastGranted, standby, attributes } as TicketState);
    return;
  }
  if (e.name !== "instance_attributes") return;
  const prefix = "granted-ticket-";
  for (const pair of e.children) {
    const { name, value } = pair.attrs;
    if (name?.startsWith(prefix)) {
      const id = name.slice(prefix.length);
      tickets.set(id, { id, granted: value ?? "", attributes: {} });
    }
  }
}

const NODE_STATE = new Set(["id", "uname", "in_ccm", "crmd", "join", "expected", "remote_node"]);

function readNodeState(e: XmlElement, notes: CibNote[]): NodeState {
  const a = e.attrs;
  const attributes = new Map<string, string>();
  const resources = new Map<string, ResourceHistory>();
  for (const part of e.children) {
    if (part.name === "transient_attributes") {
      for (const set of part.children) if (set.name === "instance_attributes") readTransient(set, attributes, notes);
    } else if (part.name === "lrm") {
      for (const r of child(part, "lrm_resources")?.children ?? []) {
        const id = r.attrs["id"];
        if (r.name === "lrm_resource" && id !== undefined) resources.set(id, readResourceHistory(r, id));
      }
    }
  }
  return {
    id: a["id"] ?? "",
    uname: a["uname"] ?? "",
    inCcm: a["in_ccm"],
    crmd: a["crmd"],
    join: a["join"],
    expected: a["expected"],
    remoteNode: a["remote_node"],
    attributes,
    resources,
    other: others(a, NODE_STATE),
  };
}

/** The attributes that have no field of their own; undefined where there are none. */
function others(attrs: XmlElement["attrs"], known: ReadonlySet<string>): Record<string, string> | undefined {
  let other: Record<string, string> | undefined;
  for (const name in attrs) {
    if (known.has(name)) continue;
    other ??= noAttrs();
    other[name] = attrs[name]!;
  }
  return other;
}

function readTransient(set: XmlElement, attributes: Map<string, string>, notes: CibNote[]): void {
  for (const pair of set.children) {
    const { name, value } = pair.attrs;
    if (pair.name === "rule") {
      notes.push({ kind: "not-modelled", line: pair.line, text: "a rule among a node's transient attributes" });
    } else if (pair.name === "nvpair" && name !== undefined && !attributes.has(name)) {
      attributes.set(name, value ?? "");
    } else if (pair.name === "attributes") {
      readTransient(pair, attributes, notes);
    }
  }
}

function readResourceHistory(e: XmlElement, id: string): ResourceHistory {
  const a = e.attrs;
  const operations: OperationHistory[] = [];
  for (const op of e.children) if (op.name === "lrm_rsc_op") operations.push(readOperation(op));
  return {
    id,
    class: a["class"] ?? "",
    provider: a["provider"],
    type: a["type"] ?? "",
    container: a["container"],
    shutdownLock: wholeNumber(a["shutdown-lock"]),
    operations,
  };
}

/** A CIB without nodes, resources or status, to start from. */
export function emptyCib(): Cib {
  const sections = ["crm_config", "nodes", "resources", "constraints"];
  return {
    attrs: { "validate-with": "pacemaker-3.9", epoch: "1", num_updates: "0", admin_epoch: "0" },
    configuration: element(
      "configuration",
      {},
      sections.map((name) => element(name)),
    ),
    status: { nodes: new Map(), tickets: new Map() },
    notes: [],
  };
}
