import { z } from "zod";
import { InputError } from "../../model/errors.js";
import { nearestFirst } from "../../model/topology/nearest.js";
import { meanSpanMs, rateSchema } from "../../model/topology/rates.js";
import type { Topology } from "../../model/topology/types.js";
import { instancesOf } from "../explore/instances.js";
import { checkAgainst, parseYamlText } from "../file/yaml-text.js";
import type { SaidRate, SaidRates } from "./rates.js";

const fileSchema = z.strictObject({ rates: z.record(z.string().min(1).max(300), rateSchema) });

/**
 * Rates as the user gives them: the topology's `rates:`, and those of a YAML file in their place. Throws InputError for a
 * key that is neither a fault nor a fault with its part.
 */
export function readRates(topology: Topology, given?: { readonly text: string; readonly file: string }): SaidRates {
  const said = new Map<string, SaidRate>();
  const known = new Set<string>();
  for (const { text, fault } of instancesOf(topology).instances) known.add(text).add(fault.name);
  const put = (key: string, value: z.output<typeof rateSchema>, file: string, line: number) => {
    if (!known.has(key))
      throw new InputError({
        file,
        line,
        message: "unknown fault",
        value: key,
        known: nearestFirst(key, known),
        knownAs: "faults, alone or with their part",
      });
    said.set(key, { rate: value === "never" ? undefined : hoursOf(value), place: `${file}:${line}` });
  };
  for (const [key, { rate, place }] of topology.rates) put(key, rate, place.file, place.line);
  if (given) {
    const yaml = parseYamlText(given.text, given.file);
    const { rates } = checkAgainst(fileSchema, yaml.value, yaml);
    for (const [key, value] of Object.entries(rates)) put(key, value, given.file, yaml.lineOf(["rates", key]));
  }
  return said;
}

function hoursOf({ every, repair }: { every: string; repair: string }): NonNullable<SaidRate["rate"]> {
  const hours = (text: string) => meanSpanMs(text)! / 3_600_000;
  return { everyHours: hours(every), repairHours: hours(repair) };
}
