import type { Cib, NodeState, OperationHistory, ResourceHistory, TicketState, XmlElement } from "../../cib/types.js";
import { element } from "../../cib/xml.js";

type Histories = Map<string, ResourceHistory>;

/** A CIB in the making: simulated results and injected events go in, a new CIB comes out; the first is not touched. */
export class CibDraft {
  private readonly cib: Cib;
  private attrs: Readonly<Record<string, string>>;
  private configuration: XmlElement;
  private readonly nodes: Map<string, NodeState>;
  private readonly tickets: Map<string, TicketState>;
  /** Those maps of histories that were made here and may be written to. */
  private readonly owned = new Map<ReadonlyMap<string, ResourceHistory>, Histories>();

  constructor(cib: Cib) {
    this.cib = cib;
    this.attrs = cib.attrs;
    this.configuration = cib.configuration;
    this.nodes = new Map(cib.status.nodes);
    this.tickets = new Map(cib.status.tickets);
  }

  finish(): Cib {
    return {
      attrs: this.attrs,
      configuration: this.configuration,
      status: { nodes: this.nodes, tickets: this.tickets },
      notes: this.cib.notes,
    };
  }

  setAttribute(name: string, value: string): void {
    this.attrs = { ...this.attrs, [name]: value };
  }

  /** The state of a node; made where the status has none. */
  node(name: string, id: string, remote: boolean): NodeState {
    const key = this.keyOf(name, id);
    let node = this.nodes.get(key);
    if (!node) {
      node = {
        id,
        uname: name,
        ...(remote ? { remoteNode: "true" } : {}),
        attributes: new Map(),
        resources: new Map(),
      };
      this.nodes.set(key, node);
    }
    return node;
  }

  private keyOf(name: string, id: string): string {
    const plain = this.nodes.get(name);
    if (!plain || plain.id === id) return name;
    // Of two records of one name, the id tells which is meant.
    for (const [key, n] of this.nodes) if (n.uname === name && n.id === id) return key;
    return name;
  }

  change(name: string, id: string, remote: boolean, change: (node: NodeState) => NodeState): void {
    const node = this.node(name, id, remote);
    this.nodes.set(this.keyOf(name, id), change(node));
  }

  /** Puts an operation's result into a node's history: in place of the entry of the same id. */
  record(node: { name: string; id: string; remote: boolean }, agent: ResourceHistory, op: OperationHistory): void {
    const resources = this.resourcesOf(node);
    const known = resources.get(agent.id);
    const operations = known ? known.operations.slice() : [];
    const at = operations.findIndex((o) => o.id === op.id);
    if (at < 0) operations.push(op);
    else {
      // An entry that is written again keeps what it said beside: when it last ran, which parameters need a restart.
      const before = operations[at]!;
      operations[at] = { ...before, ...op, other: { ...before.other, ...op.other } };
    }
    resources.set(agent.id, { ...(known ?? agent), operations });
  }

  /** A node's histories, to be written to: copied once from those of the CIB that this one was made from. */
  private resourcesOf({ name, id, remote }: { name: string; id: string; remote: boolean }): Histories {
    let own = this.owned.get(this.node(name, id, remote).resources);
    if (!own) {
      this.change(name, id, remote, (state) => {
        own = new Map(state.resources);
        return { ...state, resources: own };
      });
      this.owned.set(own!, own!);
    }
    return own!;
  }

  /** The next call id of a resource's history on a node: one more than the highest there. */
  nextCallId(nodeName: string, nodeId: string, resource: string): number {
    let highest = 0;
    const state = this.nodes.get(this.keyOf(nodeName, nodeId));
    for (const op of state?.resources.get(resource)?.operations ?? []) highest = Math.max(highest, op.callId);
    return highest + 1;
  }

  setTicket(id: string, change: Partial<TicketState>): void {
    this.tickets.set(id, { ...(this.tickets.get(id) ?? { id, attributes: {} }), ...change });
  }

  /** Adds a node to the configuration where it has none of that name. */
  addNode(name: string): string {
    const nodes = this.configuration.children.find((c) => c.name === "nodes");
    const known = nodes?.children.find((n) => n.attrs["uname"] === name);
    if (known) return known.attrs["id"] ?? name;
    for (const n of this.nodes.values()) if (n.uname === name) return n.id;
    const added = element("node", { id: name, uname: name });
    const section = nodes ?? element("nodes");
    const grown = { ...section, children: [...section.children, added] };
    this.configuration = {
      ...this.configuration,
      children: nodes
        ? this.configuration.children.map((c) => (c === nodes ? grown : c))
        : [...this.configuration.children, grown],
    };
    return name;
  }
}
