import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { load, YAML } from "./havana.js";

/** Where nothing refers to a name, it is free to choose: renaming it is no error. */
const FREE = [
  /^routers\.[^.]+$/,
  /^power\.[^.]+$/,
  /^journeys\.[^.]+$/,
  /^storage\.luns\.[^.]+$/,
  /^neutron\.routers\.[^.]+$/,
];

type Path = readonly (string | number)[];

/** The path of every key of every mapping. */
function keyPaths(value: unknown, path: Path = []): Path[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => keyPaths(item, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...keyPaths(inner, [...path, key])]);
}

/** The same value with one key renamed, the order kept. */
function renamed(value: unknown, path: Path, to: string): unknown {
  const [step, ...rest] = path;
  if (Array.isArray(value)) return value.map((item, index) => (index === step ? renamed(item, rest, to) : item));
  return Object.fromEntries(
    Object.entries(value as object).map(([key, inner]) => {
      if (key !== step) return [key, inner];
      return rest.length === 0 ? [to, inner] : [key, renamed(inner, rest, to)];
    }),
  );
}

const value = parse(YAML) as unknown;
const paths = keyPaths(value).filter((path) => !FREE.some((free) => free.test(path.join("."))));

describe("a key of the reference architecture, renamed", () => {
  test("is an error that names a place in a file", () => {
    expect(paths.length).toBeGreaterThan(400);
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.constantFrom("x", "-", "s"), (path, suffix) => {
        const key = String(path.at(-1));
        const yaml = stringify(renamed(value, path, `${key}${suffix}`), { aliasDuplicateObjects: false });
        const result = load({ yaml: () => yaml });
        if (result.ok) throw new Error(`${path.join(".")} renamed to ${key}${suffix} is no error`);
        for (const error of result.errors) {
          expect(error.file).toMatch(/^fixtures\/openstack-havana\//);
          expect(error.line).toBeGreaterThan(0);
        }
      }),
      { seed: 2, numRuns: 120 },
    );
  });
});
