import { z } from "zod";
import { duration } from "../../file/duration.js";
import { reference } from "../../file/reference.js";
import { durationSetting } from "../../file/scenario-schema.js";

const hold = z
  .strictObject({
    served: z.string().optional().describe("A service or journey is served: journey/boot-guest."),
    resource: reference("resource", "CLUSTER/RESOURCE.").optional(),
    is: z.enum(["started", "stopped", "promoted", "up", "off"]).optional(),
    on: z.string().max(200).optional().describe("A node, or a placeholder."),
    node: z.string().max(200).optional().describe("A node, or a placeholder."),
    settled: reference("cluster", "The cluster has nothing left to do.").optional(),
    steady: z.literal(true).optional().describe("Everything served at the start is served, every cluster settled."),
  })
  .describe("A condition that must hold when the runbook is done.");

const budget = z.strictObject({
  journey: z.string().optional().describe("A user journey, or * for every one."),
  service: z.string().optional().describe("A service, or * for every one."),
  outage: duration.describe("The most that it may be out in total, from the first step on."),
});

/** What a runbook says about itself before its first line of prose. */
export const frontMatterSchema = z.strictObject({
  topology: z.string().min(1).max(400).describe("Path of the topology, relative to this file."),
  title: z.string().min(1).max(200).optional().describe("Without it, the first heading."),
  seed: z.int().min(0).max(0xffff_ffff).default(1),
  settings: z.strictObject({ durations: z.record(z.string().max(200), durationSetting).optional() }).default({}),
  set: z.array(z.string().max(300)).max(100).default([]).describe("Edits before the start, as a scenario's."),
  before: z.array(z.unknown()).max(200).default([]).describe("Faults and commands that came before, as a timeline."),
  noticed: duration.default(120_000).describe("From the last of these until somebody begins with the first step."),
  node: z.string().max(200).optional().describe("Where blocks without a prompt are typed; a node or a placeholder."),
  step: duration.default(20_000).describe("How long a person needs for a step, beside what the commands take."),
  values: z
    .record(z.string().regex(/^[\w-]+$/), z.string().max(400))
    .default({})
    .describe("Placeholders."),
  holds: z.array(hold).max(100).default([]).describe("What must hold at the end."),
  outages: z.array(budget).max(100).default([]).describe("Budgets for outages while it is played."),
  leaves: z.array(z.string().max(200)).max(50).default([]).describe("What it may leave behind on purpose."),
  always: z
    .union([z.literal("all"), z.array(z.string())])
    .default("all")
    .describe("Safety promises that are watched."),
  settle: duration.default(600_000).describe("How long to go on after the last step before the end is judged."),
  matrix: z
    .strictObject({
      before: z
        .record(z.string().max(80), z.array(z.unknown()).max(200))
        .default({})
        .describe("Other starting faults, by name."),
      pairs: z
        .array(z.tuple([reference("node"), reference("node")]))
        .max(50)
        .default([])
        .describe("Nodes to be swapped."),
    })
    .default({ before: {}, pairs: [] }),
  bounds: z
    .strictObject({
      virtualTime: duration.default(86_400_000),
      events: z.int().min(1).max(100_000_000).default(2_000_000),
    })
    .default({ virtualTime: 86_400_000, events: 2_000_000 }),
});

export type FrontMatter = z.output<typeof frontMatterSchema>;
export type HoldDocument = FrontMatter["holds"][number];
