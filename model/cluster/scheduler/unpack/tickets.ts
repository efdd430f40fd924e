import { parseDate } from "../../cib/dates.js";
import type { Unpacking } from "../state/unpacking.js";
import { parseBoolean } from "../state/values.js";

/** Reads the tickets that the status section knows. */
export function unpackTickets(unpacking: Unpacking): void {
  for (const t of unpacking.state.cib.status.tickets.values()) {
    const attributes = new Map(Object.entries(t.attributes));
    unpacking.state.tickets.set(t.id, {
      id: t.id,
      granted: parseBoolean(t.granted) ?? false,
      standby: parseBoolean(t.standby) ?? false,
      lastGranted: t.lastGranted === undefined ? undefined : lastGranted(t.lastGranted),
      attributes,
    });
  }
}

function lastGranted(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : parseDate(text);
}
