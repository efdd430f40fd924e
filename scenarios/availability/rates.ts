/** How often a fault strikes one part, and how long somebody needs to repair it: means, in hours. */
export interface Rate {
  readonly everyHours: number;
  readonly repairHours: number;
  /** Where the figures come from; "(inf)" is an estimate that nothing here confirms. */
  readonly source: string;
}

const HOURS_A_YEAR = 8_766;
const years = (count: number) => count * HOURS_A_YEAR;
const minutes = (count: number) => count / 60;

/**
 * Failures that strike by chance, by the fault that plays them; mistakes and edits of files have no rate of their own.
 * Of faults that would count one cause twice (`lose-nfs` beside `lose-node`) one is here.
 *
 * Sources: Vishwanath and Nagappan, "Characterizing Cloud Computing Hardware Reliability" (SoCC 2010): about 8 % of
 * servers need a repair a year. Gill, Jain and Nagappan, "Understanding Network Failures in Data Centers" (SIGCOMM 2011):
 * about 5 % of top-of-rack switches fail a year. All others are estimates, marked (inf): put in your own.
 */
export const DEFAULT_RATES: ReadonlyMap<string, Rate> = new Map<string, Rate>([
  ["lose-node", { everyHours: years(12.5), repairHours: 8, source: "SoCC 2010: 8 % of servers a year; repair (inf)" }],
  ["crash-node", { everyHours: years(2), repairHours: minutes(30), source: "(inf) a kernel panic" }],
  ["freeze-node", { everyHours: years(5), repairHours: minutes(30), source: "(inf)" }],
  ["kill-process", { everyHours: years(1), repairHours: minutes(30), source: "(inf) found and started by hand" }],
  ["kill-cluster-stack", { everyHours: years(5), repairHours: minutes(30), source: "(inf)" }],
  ["crash-hypervisor", { everyHours: years(5), repairHours: 2, source: "(inf)" }],
  ["down-link", { everyHours: years(20), repairHours: 4, source: "(inf) a cable, a transceiver or a port" }],
  [
    "lose-switch",
    { everyHours: years(20), repairHours: 4, source: "SIGCOMM 2011: 5 % of switches a year; repair (inf)" },
  ],
  ["cut-feed", { everyHours: years(5), repairHours: 2, source: "(inf) a feed behind a UPS" }],
  ["lose-rack", { everyHours: years(50), repairHours: 8, source: "(inf)" }],
  ["lose-lun", { everyHours: years(50), repairHours: 12, source: "(inf) an array with two controllers" }],
  ["fence-fails", { everyHours: years(10), repairHours: 24, source: "(inf) a BMC that hangs" }],
]);

/** What the user said of a fault, or of one fault of one part: a rate, or that it never happens. */
export interface SaidRate {
  readonly rate: Omit<Rate, "source"> | undefined;
  /** `rates.yaml:3`. */
  readonly place: string;
}

/** By the fault's name, or by the whole of it with its part, as exploration prints it: `lose-node db1`. */
export type SaidRates = ReadonlyMap<string, SaidRate>;

/** The rate of one fault instance: the user's for it, the user's for its kind, else the default; undefined for never. */
export function rateOf({ text, fault }: { text: string; fault: string }, said: SaidRates): Rate | undefined {
  const found = said.get(text) ?? said.get(fault);
  if (found) return found.rate && { ...found.rate, source: found.place };
  return DEFAULT_RATES.get(fault);
}

/** The faults that need to be explored: those that have a rate anywhere. */
export function ratedFaults(said: SaidRates): readonly string[] {
  const names = new Set(DEFAULT_RATES.keys());
  for (const [key, { rate }] of said) {
    const [name = ""] = key.split(" ", 1);
    if (rate) names.add(name);
    else if (key === name) names.delete(name);
  }
  return [...names];
}
