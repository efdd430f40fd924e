import { settingsOf } from "../../model/cluster/configuration/settings.js";
import type { Reader } from "../../model/kernel/index.js";
import type { Twin } from "../../model/twin/twin.js";
import type { Scenario } from "../file/read-scenario.js";

/** What a verdict leans on: the topology's defaults and inferences, agents played as generic ones, pinned durations. */
export function assumptionsOf(twin: Twin, read: Reader, scenario: Pick<Scenario, "settings">): readonly string[] {
  const { topology, agents, clusters, services } = twin;
  const found = [...topology.assumptions, ...services.assumptions].map(({ text, source }) =>
    source ? `${text} (${source})` : text,
  );
  for (const agent of agents.generic)
    found.push(`${agent} is played as a generic agent that starts, stops and answers`);
  for (const [name, setting] of Object.entries(scenario.settings.durations ?? {}))
    found.push(`the scenario sets the duration ${name}: ${JSON.stringify(setting)}`);
  const notModelled = new Set<string>();
  for (const id of clusters.ids)
    for (const node of clusters.nodesOf(id))
      for (const text of clusters.decisionOf(read, node)?.notModelled ?? []) notModelled.add(text);
  for (const text of notModelled) found.push(`not modelled by the scheduler: ${text}`);
  return found;
}

/**
 * Where a scenario's own steps or promises name a resource whose agent is not modelled, what comes out is what we made
 * up: one sentence for each.
 */
export function unmodelledResources({ agents, topology }: Twin, scenario: Scenario): readonly string[] {
  const named = new Set<string>();
  for (const step of scenario.steps)
    if (step.kind !== "heal" && typeof step.params["resource"] === "string") named.add(step.params["resource"]);
  for (const { resource } of scenario.expect.within) if (resource !== undefined) named.add(resource);
  return [...named].flatMap((name) => {
    const slash = name.indexOf("/");
    const cib = topology.clusters.get(name.slice(0, slash))?.cib;
    const primitive = cib && settingsOf(cib).primitives.get(name.slice(slash + 1));
    if (!primitive) return [];
    const agent = [primitive.class, primitive.provider, primitive.type].filter(Boolean).join(":");
    return agents.generic.includes(agent) ? [`${name} is an ${agent}, which is not modelled`] : [];
  });
}
