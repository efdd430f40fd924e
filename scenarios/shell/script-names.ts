import { parse } from "just-bash";

/** What the shell's interpreter does itself. */
const BUILTINS: ReadonlySet<string> = new Set(
  ". : [ [[ alias bg break builtin caller cd command compgen complete compopt continue declare dirs disown echo enable eval exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf pushd pwd read readarray readonly return set shift shopt source suspend test times trap true type typeset ulimit umask unalias unset wait".split(
    " ",
  ),
);

/** The commands that a script calls by their plain name, builtins and its own functions aside. Sorted; empty where it does not parse. */
export function commandNames(script: string): readonly string[] {
  const called = new Set<string>();
  const defined = new Set<string>();
  try {
    collect(parse(script), called, defined);
  } catch {
    return [];
  }
  return [...called].filter((name) => !defined.has(name) && !BUILTINS.has(name)).sort();
}

function collect(node: unknown, called: Set<string>, defined: Set<string>): void {
  if (Array.isArray(node)) {
    for (const one of node) collect(one, called, defined);
    return;
  }
  if (typeof node !== "object" || node === null) return;
  const record = node as Record<string, unknown>;
  if (record["type"] === "SimpleCommand") {
    const parts = (record["name"] as { parts?: { type: string; value?: string }[] } | null)?.parts ?? [];
    const [only] = parts;
    if (parts.length === 1 && only?.type === "Literal" && only.value !== undefined)
      called.add(only.value.replace(/^\/(?:usr\/)?(?:local\/)?s?bin\//, ""));
  }
  if (record["type"] === "FunctionDef" && typeof record["name"] === "string") defined.add(record["name"]);
  for (const value of Object.values(record)) collect(value, called, defined);
}

/** Functions that a script defines, as text, by name: they last as long as the session. */
export function functionsOf(script: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (!/\(\)|\bfunction\b/.test(script)) return found;
  try {
    for (const statement of parse(script).statements) {
      const [pipeline] = statement.pipelines;
      const command = pipeline?.commands[0] as { type: string; name?: string } | undefined;
      if (command?.type === "FunctionDef" && command.name !== undefined && statement.sourceText !== undefined)
        found.set(command.name, statement.sourceText);
    }
  } catch {
    return found;
  }
  return found;
}
