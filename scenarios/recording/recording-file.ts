import { z } from "zod";
import { InputError } from "../../model/errors.js";

const fault = z.object({
  at: z.number().min(0),
  do: z.string(),
  node: z.string().optional(),
  cmd: z.string().optional(),
  resource: z.string().optional(),
});

const event = z
  .object({
    atMs: z.number(),
    event: z.string(),
    node: z.string().optional(),
    seenBy: z.string().optional(),
    resource: z.string().optional(),
    result: z.string().optional(),
    do: z.string().optional(),
    cmd: z.string().optional(),
  })
  .loose();

const status = z
  .object({
    by: z.string().nullish(),
    nodes: z.record(z.string(), z.string()),
    resources: z.record(z.string(), z.array(z.string())),
  })
  .nullable();

const recording = z.object({
  name: z.string().default("recording"),
  nodes: z.number().int().min(1).max(16),
  corosync: z.object({
    token: z.number().int().positive(),
    transport: z.string().default("knet"),
    two_node: z.boolean().default(false),
    wait_for_all: z.boolean().default(false),
  }),
  fenceActionMs: z.number().min(0),
  faults: z.array(fault),
  untilSeconds: z.number().positive(),
  cib: z.string(),
  base: status.optional(),
  runs: z.array(z.object({ timeline: z.array(event), final: status })).min(1),
});

/** What a real cluster did under some faults: the form of a recording, as the lab writes it. */
export type Recording = z.output<typeof recording>;
export type RecordedEvent = z.output<typeof event>;
export type RecordedFault = z.output<typeof fault>;
export type RecordedStatus = z.output<typeof status>;

const TEXT_MAX = 32 * 1024 * 1024;

/** Reads a recording. Throws InputError where the text is none. */
export function readRecording(text: string, file: string): Recording {
  if (text.length > TEXT_MAX) throw new InputError({ file, line: 0, message: `larger than ${TEXT_MAX} characters` });
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new InputError({ file, line: 0, message: `not JSON: ${error instanceof Error ? error.message : error}` });
  }
  const parsed = recording.safeParse(data);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new InputError({
    file,
    line: 0,
    message: `not a recording: ${issue.path.join(".") || "the file"}: ${issue.message}`,
  });
}
