import { dirname, join } from "node:path";
import type { Topology } from "../../../model/topology/types.js";
import { checkNames } from "../../file/check-names.js";
import type { Scenario } from "../../file/read-scenario.js";
import { scenarioSchema } from "../../file/scenario-schema.js";
import { readInputText } from "../../input-file.js";
import type { Twins } from "../../run.js";
import type { SettledTwin } from "../../runner/prepare.js";
import { readRunbook } from "./read-runbook.js";
import type { Runbook } from "./runbook.js";

const BYTES_MAX = 2_000_000;

/** Reads a runbook from disk. Throws InputError. */
export function readRunbookFile(file: string): Runbook {
  return readRunbook(readInputText(file, { bytesMax: BYTES_MAX }), file);
}

/** Where a runbook's topology lies: beside the page that names it. */
export function topologyFileOf({ file, front }: Runbook): string {
  return join(dirname(file), front.topology);
}

/** Looks the names of a runbook up in its topology and takes its settled twin. Throws InputError. */
export function settledFor(runbook: Runbook, topology: Topology, twins: Twins): SettledTwin {
  const scenario = asScenario(runbook);
  checkNames(scenario, topology);
  return twins.for(topology, scenario);
}

/** What a runbook shares with a scenario: what came before, what holds at the end, seed, edits and durations. */
function asScenario({ file, name, title, front, yaml, before }: Runbook): Scenario {
  const { seed, set, settings, holds, outages } = front;
  const document = scenarioSchema.parse({
    name: "runbook",
    title: title.slice(0, 200),
    topology: front.topology,
    timeline: [{}],
  });
  // Placeholders stand for nodes that only the played world knows.
  const known = holds.map(({ node, on, ...rest }) => ({
    within: 0,
    ...rest,
    ...(node !== undefined && !node.includes("{{") && { node }),
    ...(on !== undefined && !on.includes("{{") && { on }),
  }));
  return {
    ...document,
    name,
    seed,
    set: [...set],
    settings,
    expect: { ...document.expect, within: known, served: outages },
    file,
    steps: before,
    document: yaml.value,
    lineOf: ([first, second, ...rest]) => {
      if (first === "timeline") return yaml.lineOf(["before", second!, ...rest]);
      if (first === "expect") return yaml.lineOf([second === "within" ? "holds" : "outages", ...rest]);
      return yaml.lineOf(first === undefined ? [] : [first]);
    },
  };
}
