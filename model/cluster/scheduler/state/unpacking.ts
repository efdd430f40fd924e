import { collectPairs, type Ids } from "../../cib/nvpair-sets.js";
import type { RuleContext, RuleListener } from "../../cib/rules.js";
import type { XmlElement } from "../../cib/types.js";
import { child } from "../../cib/xml.js";
import type { ClusterState } from "./state.js";
import { type Resource, zeroPerNode } from "./working.js";

/** What the steps of reading a CIB share: the state in the making, and lookups that only reading needs. */
export class Unpacking implements Ids, RuleListener {
  readonly state: ClusterState;
  readonly configuration: XmlElement;
  readonly templates = new Map<string, XmlElement>();
  /** Tags and templates: the ids that each stands for, in order. */
  readonly tags = new Map<string, string[]>();
  readonly rscDefaults: XmlElement | undefined;
  readonly opDefaults: XmlElement | undefined;
  /** Nodes in the order in which the cluster comes to know them, counted so far: the default of clone-max. */
  nodesSeen = 0;
  /** Bundles' containers that must be stopped because what they hold failed (where is known once all histories are read). */
  readonly stopNeeded: Resource[] = [];
  /** 1 for each node that is there by now: those of bundles come as the bundles are read. */
  nodesThere: number[] = zeroPerNode(0);
  /** 1 for each node that a resource may use unless a constraint says otherwise; guests of bundles are for their own. */
  defaultAllowed: number[] = zeroPerNode(0);
  private readonly plainRules: RuleContext;
  private ids: Map<string, XmlElement> | undefined = undefined;

  constructor(state: ClusterState) {
    this.state = state;
    this.configuration = state.cib.configuration;
    this.rscDefaults = child(this.configuration, "rsc_defaults");
    this.opDefaults = child(this.configuration, "op_defaults");
    this.plainRules = { nowEpochSeconds: state.nowEpochSeconds, listener: this };
  }

  find(id: string): XmlElement | undefined {
    this.ids ??= indexIds(this.configuration);
    return this.ids.get(id);
  }

  onChange(epochSeconds: number): void {
    this.state.recheckBy(epochSeconds);
  }

  onTrouble(where: XmlElement, text: string): void {
    this.note(where, text);
  }

  /** A rule's context with the parts that all rules share. */
  rules(more?: Partial<RuleContext>): RuleContext {
    if (!more) return this.plainRules;
    const { nowEpochSeconds } = this.state;
    const { node, role, parameters, meta, resource, operation, matches } = more;
    return { nowEpochSeconds, node, role, parameters, meta, resource, operation, matches, listener: this };
  }

  note(where: XmlElement, text: string): void {
    const line = where.line > 0 ? `line ${where.line}: ` : "";
    this.state.notModelled.push(`${line}${text}`);
  }

  pairs(parent: XmlElement | undefined, setName: string, into: Map<string, string>, context: RuleContext): void {
    if (parent) collectPairs(parent, setName, context, this, into);
  }
}

function indexIds(root: XmlElement): Map<string, XmlElement> {
  const ids = new Map<string, XmlElement>();
  const walk = (e: XmlElement): void => {
    const id = e.attrs["id"];
    if (id !== undefined && !ids.has(id)) ids.set(id, e);
    for (const c of e.children) walk(c);
  };
  walk(root);
  return ids;
}
