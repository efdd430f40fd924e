import type { TraceEntry } from "../../model/kernel/index.js";

/** The trace with its causes, ready to be walked both ways. Entries are numbered 1, 2, 3, … without gaps or not. */
export class CauseGraph {
  readonly #byId = new Map<number, TraceEntry>();
  readonly #effects = new Map<number, TraceEntry[]>();
  readonly #bySubject = new Map<string, TraceEntry[]>();

  constructor(trace: readonly TraceEntry[]) {
    for (const entry of trace) {
      this.#byId.set(entry.id, entry);
      push(this.#effects, entry.cause, entry);
      push(this.#bySubject, entry.subject, entry);
    }
  }

  entry(id: number): TraceEntry | undefined {
    return this.#byId.get(id);
  }

  /** From an entry back to what nothing caused: the root first, the entry itself last. */
  backFrom(id: number): readonly TraceEntry[] {
    const chain: TraceEntry[] = [];
    for (let entry = this.#byId.get(id); entry; entry = this.#byId.get(entry.cause)) {
      chain.push(entry);
      // A cause always has a smaller id: anything else is a damaged file, and must not hang us.
      if (entry.cause >= entry.id) break;
    }
    return chain.reverse();
  }

  /** All that an entry led to, in order of time. */
  forwardFrom(id: number): readonly TraceEntry[] {
    const found: TraceEntry[] = [];
    const queue = [id];
    const seen = new Set(queue);
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      for (const effect of this.#effects.get(next) ?? []) {
        if (seen.has(effect.id)) continue;
        seen.add(effect.id);
        found.push(effect);
        queue.push(effect.id);
      }
    }
    return found.sort((a, b) => a.id - b.id);
  }

  /** What an entry led to at once. */
  effectsOf(id: number): readonly TraceEntry[] {
    return this.#effects.get(id) ?? [];
  }

  /** The last thing told about a subject at or before a moment. */
  lastOf(subject: string, atMs: number): TraceEntry | undefined {
    return this.#bySubject.get(subject)?.findLast((entry) => entry.atMs <= atMs);
  }

  /** Everything told about a subject, in order. */
  of(subject: string): readonly TraceEntry[] {
    return this.#bySubject.get(subject) ?? [];
  }

  /** Subjects that a person may have meant by a name: the same, the same after its kind, or containing it. */
  subjectsLike(name: string): readonly string[] {
    const all = [...this.#bySubject.keys()];
    const wanted = name.toLowerCase();
    const exact = all.filter((subject) => subject.toLowerCase() === wanted);
    if (exact.length > 0) return exact;
    const byName = all.filter((subject) => subject.toLowerCase().split("/").slice(1).join("/") === wanted);
    if (byName.length > 0) return byName;
    return all
      .filter((subject) => !subject.startsWith("promise/") && subject.toLowerCase().includes(wanted))
      .sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
