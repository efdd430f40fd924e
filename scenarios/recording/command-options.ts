/** Options of a command by their short or long name; `flags` are those that take no value. */
export function options(
  args: readonly string[],
  flags: ReadonlySet<string>,
): { values: Map<string, string>; rest: string[] } {
  const values = new Map<string, string>();
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const long = /^(--[a-z-]+)=(.*)$/s.exec(arg);
    if (long) values.set(long[1]!, long[2]!);
    else if (/^-/.test(arg) && arg.length > 1) {
      if (!arg.startsWith("--") && arg.length > 2 && !flags.has(arg) && flags.has(arg.slice(0, 2)))
        for (const letter of arg.slice(1)) values.set(`-${letter}`, "");
      else if (!arg.startsWith("--") && arg.length > 2 && !flags.has(arg)) values.set(arg.slice(0, 2), arg.slice(2));
      else if (flags.has(arg)) values.set(arg, "");
      else values.set(arg, args[++i] ?? "");
    } else rest.push(arg);
  }
  return { values, rest };
}

export function pick(values: ReadonlyMap<string, string>, ...names: readonly string[]): string | undefined {
  for (const name of names) if (values.has(name)) return values.get(name);
  return undefined;
}
