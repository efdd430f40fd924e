import { readCib } from "../cluster/cib/read.js";
import type { Cib } from "../cluster/cib/types.js";
import {
  CIB_ELEMENTS,
  ELEMENTS_APART,
  FENCE_OPTIONS,
  INSTANCE_APART,
  INSTANCE_PARAMETERS,
  META_ATTRIBUTES,
  PROPERTIES,
  PROPERTIES_APART,
} from "./cib-known.js";
import { expectedInstead } from "./cib-values.js";
import type { Importer, LineStatus } from "./ledger.js";
import { isSecretName } from "./scrub.js";
import { markWhole, readCheckedXml, type XmlFile, type XmlPart } from "./xml-file.js";

/**
 * A CIB (cib.xml): the CIB as the cluster reads it, and what became of each of its lines. Fence passwords are scrubbed
 * from the ledger. Errors: those of `readCib`.
 */
export const importCib: Importer<Cib> = (text, file) => {
  const facts = readCib(text, file);
  const xml = readCheckedXml(text, file);
  settle(xml, xml.root, { agent: undefined, holder: undefined });
  for (const note of facts.notes) {
    if (note.kind === "not-modelled" && note.line > 0) xml.ledger.notModelled(note.line, note.text);
  }
  return { facts, ledger: xml.ledger.entries() };
};

interface Within {
  /** The agent of the primitive that the element belongs to: "ocf:heartbeat:IPaddr2". */
  readonly agent: string | undefined;
  /** cluster_property_set, meta_attributes, instance_attributes, utilization, transient_attributes, … */
  readonly holder: string | undefined;
}

const HOLDERS = new Set(["cluster_property_set", "meta_attributes", "instance_attributes", "utilization"]);

function settle(xml: XmlFile, part: XmlPart, within: Within): void {
  const apart = ELEMENTS_APART.get(part.name);
  if (apart !== undefined) {
    markWhole(xml.ledger, part, ...apart);
    return;
  }
  const verdict: readonly [LineStatus, string?] = CIB_ELEMENTS.has(part.name)
    ? part.name === "nvpair"
      ? pairVerdict(part.attributes.get("name") ?? "", part.attributes.get("value"), within)
      : ["modelled"]
    : ["unrecognised", `element ${part.name}`];
  for (const line of part.tagLines) xml.ledger.mark(line, ...verdict);
  const value = part.attributes.get("value");
  if (part.name === "nvpair" && value !== undefined && isSecretName(part.attributes.get("name") ?? ""))
    for (const line of part.tagLines) xml.ledger.scrub(line, value);
  const next = {
    agent: part.name === "primitive" || part.name === "template" ? agentOf(part) : within.agent,
    holder: HOLDERS.has(part.name)
      ? part.name
      : part.name === "node" || part.name === "status"
        ? part.name
        : within.holder,
  };
  if (next.holder === "instance_attributes" && (within.holder === "node" || within.holder === "status"))
    next.holder = "node";
  for (const child of part.children) settle(xml, child, next);
}

function agentOf(part: XmlPart): string {
  const { attributes } = part;
  return [attributes.get("class"), attributes.get("provider"), attributes.get("type")]
    .filter((word) => word !== undefined)
    .join(":");
}

function pairVerdict(name: string, value: string | undefined, within: Within): readonly [LineStatus, string?] {
  if (within.holder === "cluster_property_set") {
    if (PROPERTIES.has(name)) return valueVerdict("property", name, value);
    return PROPERTIES_APART.get(name.toLowerCase()) ?? ["unrecognised", `cluster property ${name}`];
  }
  if (within.holder === "meta_attributes")
    return META_ATTRIBUTES.has(name) ? valueVerdict("meta", name, value) : ["not-modelled", `meta-attribute ${name}`];
  if (within.holder !== "instance_attributes" || within.agent === undefined) return ["modelled"];
  if (
    INSTANCE_PARAMETERS.get(within.agent)?.has(name) ||
    (within.agent.startsWith("stonith:") && FENCE_OPTIONS.test(name))
  )
    return ["modelled"];
  return INSTANCE_APART.get(name) ?? ["not-modelled", `parameter ${name} of ${within.agent}`];
}

/** The twin does with a value that nobody knows what Pacemaker does; whoever wrote it meant something else. */
function valueVerdict(
  kind: "property" | "meta",
  name: string,
  value: string | undefined,
): readonly [LineStatus, string?] {
  const expected = value === undefined ? undefined : expectedInstead(kind, name, value);
  if (!expected) return ["modelled"];
  return ["unrecognised", `no value of ${name}; values: ${expected.join(", ")}`];
}
