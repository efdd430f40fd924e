import type { Coverage, Exercised } from "../../scenarios/explore/coverage.js";
import { escapeTerminal } from "../text/markup.js";

/** Counts, and with `verbose` all that was not exercised, by machine, cluster and file. */
export function coverageLines(coverage: Coverage, verbose: boolean, title: (text: string) => string): string[] {
  const { states, transitions, constraints, resources, lines } = coverage;
  const counted = [
    countText(states, "states"),
    countText(transitions, "transitions"),
    countText(resources, "resources"),
    countText(constraints, "constraints"),
    `${number(lines.exercised)} of ${number(lines.modelled)} configuration lines`,
  ].filter((text) => text !== undefined);
  const text = [
    title("What was put to use"),
    "  by the single faults; a promise about the rest was not tested",
    "",
    `  ${counted.join(", ")}${verbose ? "" : "; -v lists the rest"}`,
  ];
  if (verbose) text.push(...unexercised(coverage));
  return [...text, ""];
}

function unexercised({ states, transitions, constraints, resources, lines }: Coverage): string[] {
  const ofMachines = new Map<string, string[]>();
  const add = (machine: string, text: string) => ofMachines.set(machine, [...(ofMachines.get(machine) ?? []), text]);
  for (const { machine, state } of states.unexercised) add(machine, state);
  for (const { machine, state, event } of transitions.unexercised)
    add(machine, state === "" ? event : `${state} ${event}`);
  const text = [...ofMachines]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([machine, all]) => `${machine}: ${all.join(", ")}`);
  for (const { element, id, file, line } of [...resources.unexercised, ...constraints.unexercised])
    text.push(`${file}:${line}: ${element} ${id}`);
  for (const { file, lines: numbers } of lines.unexercised) text.push(`${file}: lines ${ranges(numbers)}`);
  return text.length > 0 ? ["  not:", ...text.map((one) => `    ${escapeTerminal(one)}`)] : [];
}

function countText<T>({ exercised, unexercised }: Exercised<T>, what: string): string | undefined {
  const all = exercised.length + unexercised.length;
  return all === 0 ? undefined : `${number(exercised.length)} of ${number(all)} ${what}`;
}

/** `3-7, 12`. */
function ranges(numbers: readonly number[]): string {
  const found: { from: number; to: number }[] = [];
  for (const line of numbers) {
    const last = found.at(-1);
    if (last && last.to === line - 1) last.to = line;
    else found.push({ from: line, to: line });
  }
  return found.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(", ");
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
