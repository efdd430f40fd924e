import type { Cib, NodeState, OperationHistory, ResourceHistory, TicketState, XmlElement } from "./types.js";
import { element } from "./xml.js";

/** A CIB as XML text, ending in a newline. What was read by readCib and not changed means the same when read again. */
export function writeCib(cib: Cib): string {
  return writeXml(cibElement(cib));
}

/** A CIB as one element. */
export function cibElement(cib: Cib): XmlElement {
  return element("cib", cib.attrs, [cib.configuration, statusElement(cib)]);
}

function statusElement(cib: Cib): XmlElement {
  const children: XmlElement[] = [];
  for (const node of cib.status.nodes.values()) children.push(nodeElement(node));
  const tickets = [...cib.status.tickets.values()].map(ticketElement);
  if (tickets.length > 0) children.push(element("tickets", {}, tickets));
  return element("status", {}, children);
}

function nodeElement(node: NodeState): XmlElement {
  const children: XmlElement[] = [];
  const resources = [...node.resources.values()].map(resourceElement);
  if (resources.length > 0 || node.other?.["lrm"] !== undefined) {
    children.push(element("lrm", { id: node.id }, [element("lrm_resources", {}, resources)]));
  }
  if (node.attributes.size > 0) {
    const prefix = `status-${node.id}`;
    const pairs = [...node.attributes].map(([name, value]) =>
      element("nvpair", { id: `${prefix}-${name}`, name, value }),
    );
    children.push(
      element("transient_attributes", { id: node.id }, [element("instance_attributes", { id: prefix }, pairs)]),
    );
  }
  const { lrm: _, ...other } = node.other ?? {};
  return element(
    "node_state",
    {
      id: node.id,
      uname: node.uname,
      in_ccm: node.inCcm,
      crmd: node.crmd,
      join: node.join,
      expected: node.expected,
      remote_node: node.remoteNode,
      ...other,
    },
    children,
  );
}

function resourceElement(resource: ResourceHistory): XmlElement {
  return element(
    "lrm_resource",
    {
      id: resource.id,
      class: resource.class === "" ? undefined : resource.class,
      provider: resource.provider,
      type: resource.type === "" ? undefined : resource.type,
      container: resource.container,
      "shutdown-lock": number(resource.shutdownLock),
    },
    resource.operations.map(operationElement),
  );
}

/** One `lrm_rsc_op`. */
export function operationElement(op: OperationHistory): XmlElement {
  return element("lrm_rsc_op", {
    id: op.id,
    operation_key: op.operationKey,
    operation: op.operation,
    "crm-debug-origin": op.other?.["crm-debug-origin"],
    crm_feature_set: op.crmFeatureSet,
    "transition-key": op.transitionKey === "" ? undefined : op.transitionKey,
    "transition-magic": op.transitionMagic === "" ? undefined : op.transitionMagic,
    "exit-reason": op.exitReason,
    on_node: op.onNode,
    "call-id": String(op.callId),
    "rc-code": String(op.rcCode),
    "op-status": String(op.opStatus),
    interval: String(op.intervalMs),
    "last-rc-change": number(op.lastRcChange),
    "last-run": number(op.lastRun),
    "exec-time": number(op.execTime),
    "queue-time": number(op.queueTime),
    migrate_source: op.migrateSource,
    migrate_target: op.migrateTarget,
    "op-digest": op.opDigest,
    "op-force-restart": op.opForceRestart,
    "op-restart-digest": op.opRestartDigest,
    ...op.other,
  });
}

function number(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

function ticketElement(ticket: TicketState): XmlElement {
  return element("ticket_state", {
    id: ticket.id,
    granted: ticket.granted,
    "last-granted": ticket.lastGranted,
    standby: ticket.standby,
    ...ticket.attributes,
  });
}

/** XML text of an element, indented by two, ending in a newline. */
export function writeXml(root: XmlElement): string {
  const out: string[] = [];
  write(root, "", out);
  return out.join("");
}

function write(e: XmlElement, indent: string, out: string[]): void {
  out.push(indent, "<", e.name);
  for (const key of Object.keys(e.attrs)) out.push(" ", key, '="', escapeAttribute(e.attrs[key]!), '"');
  if (e.children.length === 0) {
    out.push("/>\n");
    return;
  }
  out.push(">\n");
  for (const c of e.children) write(c, `${indent}  `, out);
  out.push(indent, "</", e.name, ">\n");
}

const SPECIAL = /[&<>"\n\r\t]/;
const SPECIALS = /[&<>"\n\r\t]/g;
const NAMED: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
  "\r": "&#13;",
  "\t": "&#9;",
};

function escapeAttribute(text: string): string {
  return SPECIAL.test(text) ? text.replace(SPECIALS, (c) => NAMED[c]!) : text;
}
