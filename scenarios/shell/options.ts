/** What a command's arguments hold. */
export interface Options {
  /** Flags that stand without a value. */
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly rest: readonly string[];
  /** The first option that the command's model does not know. */
  readonly unknown: string | undefined;
}

export interface OptionSpec {
  /** `-1 --one-shot`: every spelling of one flag; it is found under the last. */
  readonly flags?: readonly string[];
  /** The same, with a value behind it. */
  readonly values?: readonly string[];
  /** Options end at the first word that is none (ssh NODE command -x). */
  readonly stopsAtWord?: boolean;
}

/** Reads options as getopt does: `-rf`, `-n 3`, `-n3`, `--node=x`, `--node x`, `--`. */
export function readOptions(args: readonly string[], spec: OptionSpec): Options {
  const flagOf = spellings(spec.flags);
  const optionOf = spellings(spec.values);
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const rest: string[] = [];
  let unknown: string | undefined;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === "--") {
      rest.push(...args.slice(i + 1));
      break;
    }
    if (!arg.startsWith("-") || arg === "-") {
      if (spec.stopsAtWord) {
        rest.push(...args.slice(i));
        break;
      }
      rest.push(arg);
      continue;
    }
    const [name, inline] = splitAt(arg, "=");
    if (flagOf.has(arg)) flags.add(flagOf.get(arg)!);
    else if (optionOf.has(name)) values.set(optionOf.get(name)!, inline ?? args[++i] ?? "");
    else if (arg.startsWith("--")) unknown ??= name;
    else {
      // A cluster of short options; one that takes a value takes what is left.
      for (let at = 1; at < arg.length; at++) {
        const short = `-${arg[at]}`;
        if (flagOf.has(short)) flags.add(flagOf.get(short)!);
        else if (optionOf.has(short)) {
          values.set(optionOf.get(short)!, arg.slice(at + 1) || (args[++i] ?? ""));
          break;
        } else {
          unknown ??= short;
          break;
        }
      }
    }
  }
  return { flags, values, rest, unknown };
}

function spellings(all: readonly string[] = []): Map<string, string> {
  const found = new Map<string, string>();
  for (const one of all) {
    const names = one.split(" ");
    for (const name of names) found.set(name, names[names.length - 1]!.replace(/^-+/, ""));
  }
  return found;
}

function splitAt(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
