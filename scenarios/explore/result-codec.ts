import { z } from "zod";
import type { Twin } from "../../model/twin/twin.js";
import { Exercise } from "./exercise.js";
import type { FindingsData } from "./findings.js";
import type { Knowledge, KnownSingle } from "./knowledge.js";
import type { Outcome } from "./outcome.js";
import type { Results, Unit, UnitKind } from "./units.js";

/** What the results of a topology's units may name. */
export interface ResultShape {
  /** Number of fault instances. */
  readonly instances: number;
  /** Number of cells of the twin's world. */
  readonly cells: number;
  /** Number of marks of its exercise. */
  readonly marks: number;
}

export function shapeOf(twin: Twin, instances: number): ResultShape {
  return { instances, cells: twin.blueprint.cells.length, marks: new Exercise(twin).marks.length };
}

/** Results as JSON and back. What comes back was written by somebody else: it is checked. */
export interface ResultCodec {
  encode<K extends UnitKind>(kind: K, result: Results[K]): unknown;
  /** Throws Error, with what is wrong, for what is no result of that kind on this topology. */
  decode<K extends UnitKind>(kind: K, data: unknown): Results[K];
  encodeKnowledge(knowledge: Knowledge): unknown;
  /** Throws Error. */
  decodeKnowledge(data: unknown): Knowledge;
}

export function resultCodec(shape: ResultShape): ResultCodec {
  const { known, ...schemas } = schemasFor(shape);
  const knowledge = z.array(known.nullable()).length(shape.instances);
  const schemaOf = <K extends UnitKind>(kind: K) => schemas[kind] as unknown as z.ZodType<Results[K], unknown>;
  return {
    encode: (kind, result) => z.encode(schemaOf(kind), result),
    decode(kind, data) {
      const read = z.safeDecode(schemaOf(kind), data);
      if (read.success) return read.data;
      const [issue] = read.error.issues;
      throw new Error(`this is no result of ${kind}: ${issue?.path.join(".") || "it"}: ${issue?.message}`);
    },
    encodeKnowledge: (all) =>
      z.encode(
        knowledge,
        all.map((one) => (one ? { ...one, momentsMs: [...one.momentsMs], broken: [...one.broken] } : null)),
      ),
    decodeKnowledge: (data) => z.decode(knowledge, data as never).map((one) => one ?? undefined),
  };
}

/** A unit as somebody else names it. */
export const unitSchema: z.ZodType<Unit> = z.strictObject({
  kind: z.enum(["single", "healed", "combine"]),
  first: z.int().min(0),
});

function schemasFor({ instances, cells, marks }: ResultShape) {
  const ms = z.number().min(0);
  const count = z.int().min(0);
  const instance = z
    .int()
    .min(0)
    .max(instances - 1);
  const bitsOf = (number: number) =>
    z.codec(z.base64().length(base64Length(((number + 31) >> 5) * 4)), z.custom<Uint32Array>(), {
      encode: toBase64,
      decode: fromBase64,
    });
  const bits = bitsOf(cells);
  const schedule = z.strictObject({
    shots: z.array(z.strictObject({ instance, atMs: ms })).min(1),
    firstHealedAtMs: ms.optional(),
    healedAtMs: ms,
    repairs: z.array(z.strictObject({ atMs: ms, operator: z.string(), params: z.record(z.string(), z.unknown()) })),
    endMs: ms,
  });
  const broken = z.array(z.strictObject({ promise: z.string(), atMs: ms }));
  const outcome = z.strictObject({
    schedule,
    broken,
    exercised: z.array(z.string()),
    interruptions: z.array(z.strictObject({ service: z.string(), totalMs: ms, longestMs: ms, lasts: z.boolean() })),
    settledAfterMs: ms.optional(),
    hadEffect: z.boolean(),
    restless: z.string().optional(),
    recurs: z.strictObject({ fromMs: ms, everyMs: ms }).optional(),
    cutShort: z.boolean(),
    boundReached: z.boolean(),
    met: z.boolean(),
    events: count,
  }) satisfies z.ZodType<Outcome>;
  const looked = { checked: count, disagreements: z.array(z.string()) };
  const exercised = bitsOf(marks);
  const healed = z.strictObject({ outcomes: z.array(outcome), equal: count, ...looked, exercised }) satisfies z.ZodType<
    Results["healed"]
  >;
  const known = z.strictObject({
    momentsMs: z.array(ms).min(1),
    touched: z.strictObject({ reads: bits, writes: bits, counts: bits, endReads: bits, left: bits }),
    broken: z.array(z.string()),
  }) satisfies z.ZodType<KnownSingle>;
  const worst = z.array(z.tuple([z.string(), z.strictObject({ ms, schedule })]));
  const findings = z.strictObject({
    breaking: z.array(
      z.tuple([z.string(), z.array(z.strictObject({ faults: z.array(instance).min(1), schedule, atMs: ms }))]),
    ),
    worstOutage: worst,
    worstRecovery: worst,
    exercised: z.array(z.string()),
  }) satisfies z.ZodType<FindingsData>;
  const combined = z.strictObject({
    counts: z.array(
      z.strictObject({
        faults: count,
        total: count,
        run: count,
        independent: count,
        equal: count,
        impossible: count,
        left: count,
      }),
    ),
    findings,
    worlds: count,
    events: count,
    boundsReached: count,
    cutShort: count,
    recurring: count,
    met: count,
    ...looked,
    exercised,
  }) satisfies z.ZodType<Results["combine"]>;
  const single = z.strictObject({ outcome, known, exercised }).nullable() satisfies z.ZodType<Results["single"]>;
  return { known, single, healed, combine: combined };
}

function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

/** The least byte of each word first, whatever this machine does. */
function toBase64(words: Uint32Array): string {
  const bytes = Buffer.alloc(words.length * 4);
  for (const [i, word] of words.entries()) bytes.writeUInt32LE(word, i * 4);
  return bytes.toString("base64");
}

function fromBase64(text: string): Uint32Array {
  const bytes = Buffer.from(text, "base64");
  return Uint32Array.from({ length: bytes.length >> 2 }, (_, i) => bytes.readUInt32LE(i * 4));
}
