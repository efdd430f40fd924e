/**
 * One text for one value: object keys sorted, maps and sets in their own order. Used for keys and tables, never shown.
 * Machine states and other interned objects may carry their own text under `canonicalText`.
 */
export function canonical(value: unknown): string {
  if (value === undefined) return "_";
  if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object") throw new TypeError(`a world holds data alone, not a ${typeof value}`);
  const remembered = texts.get(value);
  if (remembered !== undefined) return remembered;
  const text = objectText(value);
  if (Object.isFrozen(value)) texts.set(value, text);
  return text;
}

const texts = new WeakMap<object, string>();

function objectText(value: object): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value instanceof Map) return `m{${[...value].map(([k, v]) => `${canonical(k)}:${canonical(v)}`).join(",")}}`;
  if (value instanceof Set) return `s{${[...value].map(canonical).join(",")}}`;
  const own = value as Record<string, unknown>;
  if (typeof own["canonicalText"] === "string") return own["canonicalText"];
  return `{${Object.keys(own)
    .sort()
    .map((name) => `${name}:${canonical(own[name])}`)
    .join(",")}}`;
}
