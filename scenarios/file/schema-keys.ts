import type { z } from "zod";

/** The keys that a schema knows at a path of a value: of each of its alternatives there. */
export function keysAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  const there = path.reduce<readonly z.core.$ZodType[]>(
    (schemas, step) => schemas.flatMap((one) => partOf(one, step)),
    alternatives(schema),
  );
  const keys = there.flatMap(({ _zod }) => {
    const def = defOf({ _zod });
    return def.type === "object" ? Object.keys(def.shape) : [];
  });
  return [...new Set(keys)];
}

/** What a schema's value may be, with optional, default and the like taken off. */
function alternatives(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  const def = defOf(schema);
  switch (def.type) {
    case "optional":
    case "nullable":
    case "default":
    case "prefault":
    case "readonly":
    case "nonoptional":
      return alternatives(def.innerType);
    case "pipe":
      return alternatives(def.in);
    case "union":
      return def.options.flatMap(alternatives);
    case "lazy":
      return alternatives(def.getter());
    default:
      return [schema];
  }
}

function partOf(schema: z.core.$ZodType, step: PropertyKey): readonly z.core.$ZodType[] {
  const def = defOf(schema);
  if (def.type === "object") {
    const part = Object.hasOwn(def.shape, step) ? def.shape[step as string] : undefined;
    return part ? alternatives(part) : [];
  }
  if (def.type === "array") return alternatives(def.element);
  if (def.type === "record") return alternatives(def.valueType);
  return [];
}

function defOf(schema: Pick<z.core.$ZodType, "_zod">): z.core.$ZodTypes["_zod"]["def"] {
  return (schema as z.core.$ZodTypes)._zod.def;
}
