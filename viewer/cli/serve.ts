import { randomBytes } from "node:crypto";
import { type Command, InvalidArgumentError, Option } from "commander";
import { InputError } from "../../model/errors.js";
import { withEdits } from "../../scenarios/edits/edit-topology.js";
import { VERSION } from "../../scenarios/version.js";
import { serverApp } from "../server/app.js";
import { listen } from "../server/listen.js";
import { LIVE, LiveSession } from "../server/live-session.js";
import { Runs } from "../server/runs.js";
import { isLoopback } from "../server/security.js";
import { Watchers } from "../server/watchers.js";
import { replayFlags } from "../text/replay-command.js";
import { engineOption, schedulerFor } from "./engine.js";
import { scenariosAsked, withTopologies } from "./scenarios-asked.js";
import { withSettings } from "./settings.js";
import { referenceTopology, topologyFrom, topologyHere } from "./topology-option.js";

interface ServeFlags {
  readonly topology?: string;
  readonly scenario: readonly string[];
  readonly host: string;
  readonly port: number;
  readonly token?: string;
  readonly seed?: number;
  readonly set: readonly string[];
  readonly engine: string;
}

const PORT = 4747;
const TOKEN_CHARACTERS = 16;

/** `fencepost serve`: the browser's page over the twin, until it is interrupted. */
export function registerServe(program: Command): void {
  const command = program
    .command("serve")
    .description("show the twin and its runs in a browser, and break it there by hand")
    .argument("[scenarios...]", "scenario files, or folders that hold them (default: those of the topology)")
    .addOption(
      new Option("-t, --topology <file>", "topology.yaml, its folder, or a bare CIB").env("FENCEPOST_TOPOLOGY"),
    )
    .option("--scenario <name>", "only scenarios of this name (repeatable)", collect, [])
    .option("--host <address>", "where to listen; any but a loopback address asks for a token", "127.0.0.1")
    .option("--port <n>", "0 takes any free one", portNumber, PORT)
    .addOption(
      new Option("--token <text>", "what a browser must know (default: a new one, where one is needed)").env(
        "FENCEPOST_TOKEN",
      ),
    )
    .addOption(
      new Option("--seed <n>", "instead of each scenario's own seed").argParser(wholeNumber).env("FENCEPOST_SEED"),
    )
    .option("--set <edit>", "an edit before the start: RESOURCE:META=VALUE, :PROPERTY=VALUE (repeatable)", collect, [])
    .addOption(engineOption())
    .action((paths: readonly string[], flags: ServeFlags) => serve(paths, flags));
  withSettings(command);
}

async function serve(paths: readonly string[], flags: ServeFlags): Promise<void> {
  const { host, port, seed, set } = flags;
  if (flags.token !== undefined && flags.token.length < TOKEN_CHARACTERS)
    throw new InputError({ file: "--token", line: 0, message: `a token has at least ${TOKEN_CHARACTERS} characters` });
  const token = flags.token ?? (isLoopback(host) ? undefined : randomBytes(18).toString("base64url"));
  const named = flags.topology ?? (paths.length === 0 ? topologyHere() : undefined);
  const given = named === undefined ? undefined : topologyFrom(named);
  const scenarios = scenariosAsked({ ...flags, paths }, given);
  const topology = given ?? topologyFrom(referenceTopology());
  const runs = new Runs(withTopologies(scenarios, given), {
    scheduler: await schedulerFor(flags.engine),
    version: VERSION,
    set,
    ...(seed !== undefined && { seed }),
  });
  const settled = runs.settle(withEdits(topology, set, { file: "--set", lineOf: () => 0 }));
  const watchers: Watchers = new Watchers(() => session.id);
  const session = new LiveSession(
    settled,
    runs.groundOf(settled).id,
    { version: VERSION, flags: replayFlags(flags), ...(seed !== undefined && { seed }) },
    (change) => watchers.tell(change),
  );
  let listening = 0;
  const app = serverApp({
    runs,
    live: { topology, session, watchers },
    door: { host, port: () => listening, token },
    index: () => ({
      version: 1,
      fencepost: VERSION,
      topology: { name: topology.name, file: topology.file, hash: topology.hash },
      report: [],
      runs: [{ id: LIVE, name: LIVE, title: session.run.title, standing: LIVE }, ...runs.heads()],
      live: LIVE,
    }),
  });
  const { server, port: found } = await listen(app, host, port);
  listening = found;
  const shown = host.includes(":") ? `[${host}]` : host;
  process.stdout.write(
    `http://${shown}:${found}/${token === undefined ? "" : `?token=${encodeURIComponent(token)}`}\n`,
  );
  process.stderr.write(`${topology.name} is served there; Ctrl-C ends it\n`);
  await new Promise<void>((resolve) => {
    const end = () => {
      server.close(() => resolve());
      server.closeAllConnections();
    };
    process.once("SIGINT", end);
    process.once("SIGTERM", end);
  });
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function portNumber(value: string): number {
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535)
    throw new InvalidArgumentError("A port is a whole number from 0 to 65535.");
  return Number(value);
}

function wholeNumber(value: string): number {
  if (!/^\d{1,10}$/.test(value) || Number(value) > 0xffff_ffff)
    throw new InvalidArgumentError("A seed is a whole number from 0 to 4294967295.");
  return Number(value);
}
