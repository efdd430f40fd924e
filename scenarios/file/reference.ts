import { z } from "zod";

/** What a name in a scenario may stand for; each is looked up in the topology, so that a typo is met with the known names. */
export type ReferenceKind =
  | "node"
  | "hypervisor"
  | "feed"
  | "rack"
  | "network"
  | "switch"
  | "link"
  | "vlan"
  | "address"
  | "cluster"
  | "resource"
  | "fence-device"
  | "controller"
  | "export"
  | "database"
  | "lun"
  | "unit"
  | "guest"
  | "service"
  | "journey"
  | "server"
  | "backend"
  | "neutron-network";

const NAME_CHARACTERS = 200;

/** A parameter that names something of the topology. */
export function reference(kind: ReferenceKind, description?: string) {
  return z
    .string()
    .min(1)
    .max(NAME_CHARACTERS)
    .meta({ reference: kind, description: description ?? `The name of a ${kind} of the topology.` });
}

/** Which parameters of a schema name something, and what. */
export function referencesOf(schema: z.ZodObject): ReadonlyMap<string, ReferenceKind> {
  const found = new Map<string, ReferenceKind>();
  for (const [name, field] of Object.entries(schema.shape)) {
    const kind = referenceKind(field as z.ZodType);
    if (kind) found.set(name, kind);
  }
  return found;
}

function referenceKind(field: z.ZodType): ReferenceKind | undefined {
  const own = field.meta()?.["reference"];
  if (own) return own as ReferenceKind;
  if (field instanceof z.ZodOptional || field instanceof z.ZodDefault)
    return referenceKind(field.unwrap() as z.ZodType);
  if (field instanceof z.ZodArray) return referenceKind(field.element as z.ZodType);
  return undefined;
}
