import type { Server } from "node:http";
import { afterAll, beforeAll } from "vitest";
import { scheduler } from "../../../model/cluster/scheduler/index.js";
import { readScenarioFile } from "../../../scenarios/discover.js";
import { loadTopology } from "../../../scenarios/topology-files.js";
import { serverApp } from "../../../viewer/server/app.js";
import { listen } from "../../../viewer/server/listen.js";
import { LIVE, LiveSession } from "../../../viewer/server/live-session.js";
import { Runs } from "../../../viewer/server/runs.js";
import type { Door } from "../../../viewer/server/security.js";
import { Watchers } from "../../../viewer/server/watchers.js";

const PAIR = "fixtures/minimal-pair";

export interface PairServer {
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  readonly session: LiveSession;
  readonly watchers: Watchers;
}

/** A server over the minimal pair, on a free port of loopback, for the tests of a file. */
export function usePairServer(door: Partial<Door> = {}): () => PairServer {
  let started: PairServer | undefined;
  beforeAll(async () => {
    const loaded = loadTopology(`${PAIR}/topology.yaml`);
    if (!loaded.ok) throw loaded.errors[0]!;
    const { topology } = loaded;
    const scenario = readScenarioFile(`${PAIR}/scenarios/lose-active-node.scenario.yaml`);
    const runs = new Runs([{ scenario, topology }], { scheduler, version: "test" });
    const settled = runs.settle(topology);
    const watchers: Watchers = new Watchers(() => session.id);
    const settings = { version: "test", flags: [] };
    const session = new LiveSession(settled, runs.groundOf(settled).id, settings, (change) => watchers.tell(change));
    let listening = 0;
    const app = serverApp({
      runs,
      live: { topology, session, watchers },
      door: { host: "127.0.0.1", token: undefined, ...door, port: () => listening },
      index: () => ({
        version: 1,
        fencepost: "test",
        topology: { name: topology.name, file: topology.file, hash: topology.hash },
        report: [],
        runs: [{ id: LIVE, name: LIVE, title: "Live", standing: LIVE }, ...runs.heads()],
        live: LIVE,
      }),
    });
    const { server, port } = await listen(app, "127.0.0.1", 0);
    listening = port;
    started = { url: `http://127.0.0.1:${port}`, port, server, session, watchers };
  });
  afterAll(() => {
    started?.server.closeAllConnections();
    started?.server.close();
  });
  return () => started!;
}
