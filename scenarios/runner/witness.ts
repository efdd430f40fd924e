import type { TraceEntry } from "../../model/kernel/index.js";
import { formatDuration } from "../file/duration.js";
import type { WitnessDocument } from "../file/scenario-schema.js";

/** Something to be seen in the trace (or never), with what was seen. */
export interface Witness {
  readonly document: WitnessDocument;
  readonly name: string;
  /** The step from which on it counts; -1 for the whole timeline. */
  readonly fromStep: number;
  seen: TraceEntry | undefined;
  /** Looks at an entry. */
  look(entry: TraceEntry, step: number): void;
}

export function witness(document: WitnessDocument, fromStep: number): Witness {
  const { subject, what, kind, to, text, never } = document;
  const matches = subject === undefined ? undefined : pattern(subject);
  const name = [kind, subject, what, to !== undefined && `to ${to}`, text !== undefined && `"${text}"`]
    .filter((part): part is string => typeof part === "string")
    .join(" ");
  return {
    document,
    name: `${never ? "never " : ""}${name}${document.within === undefined ? "" : ` within ${formatDuration(document.within)}`}`,
    fromStep,
    seen: undefined,
    look(entry, step) {
      if (this.seen || step < fromStep) return;
      if (what !== undefined && entry.what !== what) return;
      if (kind !== undefined && entry.kind !== kind) return;
      if (to !== undefined && entry.to !== to) return;
      if (matches && !matches(entry.subject)) return;
      if (text !== undefined && !entry.text?.includes(text)) return;
      this.seen = entry;
    },
  };
}

/** A subject in which * stands for any part. */
function pattern(subject: string): (text: string) => boolean {
  if (!subject.includes("*")) return (text) => text === subject;
  const parts = subject.split("*");
  return (text) => {
    if (!text.startsWith(parts[0]!)) return false;
    let at = parts[0]!.length;
    for (const part of parts.slice(1, -1)) {
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    const last = parts[parts.length - 1]!;
    return text.length - at >= last.length && text.endsWith(last);
  };
}
