import express, { type Express } from "express";
import type { Topology } from "../../model/topology/types.js";
import { pageAssets } from "../page/assets.js";
import type { PageIndex } from "../page/page-data.js";
import { addLiveRoutes } from "./live-routes.js";
import type { LiveSession } from "./live-session.js";
import type { Runs } from "./runs.js";
import { type Door, onError, ownNamesOnly, rateLimit, refuse, strictHeaders, tokenHolders } from "./security.js";
import type { Watchers } from "./watchers.js";

/** What a server is made of. Nothing else is ever read: no route takes the name of a file. */
export interface Served {
  readonly index: () => PageIndex;
  readonly runs: Runs;
  readonly door: Door;
  /** The run that people act on. */
  readonly live: { readonly topology: Topology; readonly session: LiveSession; readonly watchers: Watchers };
}

const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Fencepost</title><link rel="stylesheet" href="/page.css"></head>
<body><noscript>This page needs JavaScript.</noscript><script src="/page.js" defer></script></body></html>
`;
const BURST = 240;
const PER_SECOND = 60;

/** The Express application: the page, its script and style, and its data. */
export function serverApp({ index, runs, door, live }: Served): Express {
  const app = express();
  app.disable("x-powered-by");
  app.set("query parser", "simple");
  app.use(strictHeaders, rateLimit(BURST, PER_SECOND), ownNamesOnly(door), tokenHolders(door));
  const { script, style } = pageAssets();
  app.get("/", (_request, response) => {
    response.type("html").send(PAGE);
  });
  app.get("/page.js", (_request, response) => {
    response.type("text/javascript").send(script);
  });
  app.get("/page.css", (_request, response) => {
    response.type("text/css").send(style);
  });
  app.get("/api/index", (_request, response) => {
    response.json(index());
  });
  app.get("/api/grounds/:id", (request, response) => {
    const ground = runs.ground(request.params.id);
    if (ground) response.json(ground);
    else refuse(response, 404, "no such ground");
  });
  addLiveRoutes(app, live.topology, live.session, live.watchers);
  app.get("/api/runs/:id", (request, response) => {
    const run = runs.run(request.params.id);
    if (run) response.json(run);
    else refuse(response, 404, "no such run");
  });
  app.use((_request, response) => refuse(response, 404, "there is nothing here"));
  app.use(onError);
  return app;
}
