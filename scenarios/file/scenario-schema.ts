import { z } from "zod";
import { TRACE_KINDS } from "../../model/kernel/index.js";
import { duration } from "./duration.js";
import { reference } from "./reference.js";

const LABEL = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, "a label is lower-case letters, digits and dashes");

/** When a step happens: `at` counts from the start of the timeline, `after` from the step before it. */
const when = {
  at: duration.optional().describe("Time since the start of the timeline."),
  after: duration.optional().describe("Time since the step before. The default is 0s."),
};

export const stepTiming = z.object(when);

export const healStep = z.strictObject({
  ...when,
  heal: LABEL.describe("The label of the fault to heal (its `as`, or its kind where that is unique)."),
});

/** Keys that every fault step has beside its own parameters. */
export const faultStepKeys = { ...when, as: LABEL.optional().describe("A label to heal or refer to it by.") };
export const operatorStepKeys = { ...when, as: LABEL.optional() };

/** The value of a duration setting: one value, a seeded draw, or an end of its range. */
export const durationSetting = z.union([
  z.strictObject({ pin: duration }),
  z.strictObject({ between: z.tuple([duration, duration]) }),
  z.strictObject({ extreme: z.enum(["shortest", "longest", "time-out"]) }),
]);

const within = z
  .strictObject({
    within: duration.describe("The condition must come to hold within this time."),
    of: LABEL.optional().describe("Counted from this step; without it, from the first."),
    served: z.string().optional().describe("A service or journey is served: journey/boot-guest."),
    resource: reference("resource", "CLUSTER/RESOURCE.").optional(),
    is: z.enum(["started", "stopped", "promoted", "up", "off"]).optional(),
    on: reference("node").optional(),
    node: reference("node").optional(),
    settled: reference("cluster", "The cluster has nothing left to do.").optional(),
    steady: z.literal(true).optional().describe("Everything served at the start is served, every cluster settled."),
  })
  .describe("Liveness: a condition and the time it has.");

const served = z
  .strictObject({
    journey: z.string().optional().describe("A user journey, or * for every one."),
    service: z.string().optional().describe("A service, or * for every one."),
    outage: duration.describe("The most that it may be out in total."),
  })
  .describe("A budget for the outage of a service or journey.");

const witness = z
  .strictObject({
    subject: z.string().max(200).optional().describe("Of the trace entry; * stands for any part."),
    what: z.string().max(200).optional(),
    kind: z.enum(TRACE_KINDS).optional().describe("Of the trace entry."),
    to: z.string().max(100).optional(),
    text: z.string().max(200).optional().describe("A part of the entry's text."),
    after: LABEL.optional().describe("Only entries from this step on."),
    within: duration
      .optional()
      .describe("It must be seen so soon after that step (or the start); else it is a failure."),
    never: z.literal(true).optional().describe("It must not be seen."),
  })
  .describe("Something that must be seen in the trace.");

const order = z
  .strictObject({
    first: reference("resource", "CLUSTER/RESOURCE: must be active somewhere."),
    next: reference("resource", "CLUSTER/RESOURCE, a primitive: each of its starts."),
  })
  .describe("Nothing starts before what it must follow, whatever the constraints say.");

export const scenarioSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,80}$/, "a name is lower-case letters, digits and dashes"),
  title: z.string().min(1).max(200),
  about: z.string().max(2_000).optional().describe("What is shown and why it comes out as it does."),
  topology: z.string().min(1).max(400).describe("Path of the topology, relative to this file."),
  seed: z.int().min(0).max(0xffff_ffff).default(1),
  settings: z
    .strictObject({ durations: z.record(z.string().max(200), durationSetting).optional() })
    .default({})
    .describe("How long things take, where not as the topology or the defaults say."),
  set: z
    .array(z.string().max(300))
    .max(100)
    .default([])
    .describe("Edits before the start: CLUSTER/RESOURCE:META=VALUE, CLUSTER/:PROPERTY=VALUE."),
  timeline: z.array(z.unknown()).min(1).max(500).describe("Faults, heals and operator commands in their order."),
  expect: z
    .strictObject({
      always: z.union([z.literal("all"), z.array(z.string())]).default("all"),
      within: z.array(within).max(100).default([]),
      served: z.array(served).max(100).default([]),
      sometimes: z.array(witness).max(100).default([]),
      order: z
        .array(order)
        .max(500)
        .default([])
        .describe("Orders of starting that must be kept (promise start-order)."),
      steady: z
        .strictObject({ before: z.boolean().default(true), after: z.boolean().default(true) })
        .default({ before: true, after: true }),
    })
    .default({
      always: "all",
      within: [],
      served: [],
      sometimes: [],
      order: [],
      steady: { before: true, after: true },
    }),
  finding: z
    .strictObject({
      promises: z.array(z.string()).min(1).describe("Promises that are expected to break."),
      text: z.string().min(1).max(500).describe("The weakness, for the report."),
    })
    .optional(),
  settle: duration.default(1_200_000).describe("How long to go on after the last step before the end is judged."),
  bounds: z
    .strictObject({
      virtualTime: duration.default(86_400_000),
      events: z.int().min(1).max(100_000_000).default(2_000_000),
    })
    .default({ virtualTime: 86_400_000, events: 2_000_000 }),
});

export type ScenarioDocument = z.output<typeof scenarioSchema>;
export type WithinDocument = ScenarioDocument["expect"]["within"][number];
export type ServedDocument = ScenarioDocument["expect"]["served"][number];
export type WitnessDocument = ScenarioDocument["expect"]["sometimes"][number];
export type DurationSetting = z.output<typeof durationSetting>;
