/** What happens to one resource: a row of the "Transition Summary". */
export interface SummaryRow {
  /** Start, Stop, Move, … */
  readonly what: string;
  readonly instance: string;
  /** The nodes and roles between parentheses. */
  readonly where: string;
  readonly reason: string | undefined;
  readonly blocked: boolean;
}

const LEAST = 5;

/** The rows as lines, in columns as crm_simulate sets them; the names' column is two wider than a name that widens it. */
export function summaryTable(rows: readonly SummaryRow[]): string[] {
  let names = LEAST;
  let places = LEAST;
  for (const { instance, where } of rows) {
    if (instance.length > names) names = instance.length + 2;
    if (where.length > places) places = where.length;
  }
  return rows.map(({ what, instance, where, reason, blocked }) => {
    const why = reason === undefined ? "" : `  due to ${reason}`;
    const stuck = !blocked ? "" : reason === undefined ? "  blocked" : " (blocked)";
    return `${what.padEnd(8)}   ${instance.padEnd(names)}   ( ${where.padStart(places)} )${why}${stuck}`;
  });
}
