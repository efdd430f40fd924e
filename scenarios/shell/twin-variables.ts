import { parse, type ScriptNode, serialize } from "just-bash";

const CHANGING = /\b(S?RANDOM|SECONDS|EPOCHSECONDS)\b/;

/**
 * `$RANDOM`, `$SECONDS` and `$EPOCHSECONDS` come from the host in the shell's own interpreter; here they become calls of
 * the twin's (`__twin NAME`), so that a session repeats. A script that names none of them is left as it is.
 */
export function withTwinVariables(script: string): string {
  if (!CHANGING.test(script)) return script;
  try {
    return serialize(replaced(parse(script)) as ScriptNode);
  } catch {
    // The shell itself tells what is wrong with it.
    return script;
  }
}

function replaced(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(replaced);
  if (typeof node !== "object" || node === null) return node;
  const record = node as Record<string, unknown>;
  if (record["type"] === "ParameterExpansion" && isChanging(record["parameter"]) && record["operation"] === null)
    return { type: "CommandSubstitution", body: call(record["parameter"] as string), legacy: false };
  if (record["type"] === "ArithVariable" && isChanging(record["name"]))
    return { type: "ArithCommandSubst", command: `__twin ${record["name"]}` };
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, replaced(value)]));
}

function isChanging(name: unknown): boolean {
  return typeof name === "string" && CHANGING.test(name);
}

function call(name: string): ScriptNode {
  return parse(`__twin ${name}`);
}
