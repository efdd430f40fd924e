import express, { type Express, type Request, type Response } from "express";
import { z } from "zod";
import { InputError } from "../../model/errors.js";
import type { Topology } from "../../model/topology/types.js";
import type { Asked } from "../page/live-data.js";
import { LIVE, type LiveSession, Outrun } from "./live-session.js";
import { offersFor } from "./offers.js";
import { refuse } from "./security.js";
import type { Watchers } from "./watchers.js";

const NAME = z.string().min(1).max(200);
const step = z.union([
  z.strictObject({
    kind: z.enum(["fault", "operator"]),
    name: NAME,
    params: z.record(NAME, z.unknown()),
  }),
  z.strictObject({ kind: z.literal("heal"), of: NAME }),
]);
const seen = z.int().min(0);
const asked = z.strictObject({
  seen,
  atMs: z.int().min(0).max(86_400_000),
  steps: z.array(step).min(1).max(20),
});
const onlySeen = z.strictObject({ seen });

/** Everything about the run that people act on. */
export function addLiveRoutes(app: Express, topology: Topology, session: LiveSession, watchers: Watchers): void {
  const body = express.json({ limit: "64kb", strict: true, type: "application/json" });
  app.get(`/api/runs/${LIVE}`, (_request, response) => {
    response.json(session.run);
  });
  app.get("/api/live/events", (request, response) => {
    if (!watchers.watch(request, response, session.run.change)) refuse(response, 503, "too many watch already");
  });
  app.get("/api/live/offers", (request, response) => {
    const { thing } = request.query;
    if (typeof thing !== "string" || thing.length > 400) refuse(response, 400, "say which thing: ?thing=node/web1");
    else response.json(offersFor(topology, thing));
  });
  app.get("/api/live/scenario", (_request, response) => {
    const text = session.scenarioText();
    if (text === undefined) refuse(response, 409, "nothing was done yet");
    else response.json({ file: "by-hand.scenario.yaml", text });
  });
  app.get("/api/live/test", (_request, response) => {
    const text = session.testText();
    if (text === undefined) refuse(response, 409, "nothing was done yet");
    else response.json({ file: "by-hand.test.ts", text });
  });
  app.post("/api/live/preview", body, (request, response) => {
    answer(request, response, asked, (wanted) => session.preview(wanted as Asked));
  });
  app.post("/api/live/act", body, (request, response) => {
    answer(request, response, asked, (wanted) => ({ change: session.act(wanted as Asked).change }));
  });
  app.post("/api/live/undo", body, (request, response) => {
    answer(request, response, onlySeen, (wanted) => ({ change: session.undo(wanted.seen)?.change ?? wanted.seen }));
  });
  app.post("/api/live/go-on", body, (request, response) => {
    answer(request, response, onlySeen, (wanted) => ({ change: session.goOn(wanted.seen).change }));
  });
}

function answer<T>(request: Request, response: Response, schema: z.ZodType<T>, act: (wanted: T) => unknown): void {
  const read = schema.safeParse(request.body);
  if (!read.success) {
    const [issue] = read.error.issues;
    refuse(response, 400, `${issue!.path.join(".") || "the request"}: ${issue!.message}`);
    return;
  }
  try {
    response.json(act(read.data));
  } catch (error) {
    if (error instanceof Outrun) refuse(response, 409, error.message);
    else if (error instanceof InputError) refuse(response, 400, error.message);
    else throw error;
  }
}
