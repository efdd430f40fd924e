import type { Findings } from "./findings.js";
import type { FaultInstance } from "./instances.js";
import { SERVED_AGAIN } from "./promise-names.js";
import type { PartFaults, ServiceFindings, WorstShown } from "./report.js";
import { scheduleText } from "./schedule.js";

/** Single points of failure, minimal cut sets and the worst of each service and journey, by the parts that fail. */
export function servicesOf(
  findings: Findings,
  instances: readonly FaultInstance[],
  services: readonly string[],
  servedAtStart: readonly string[],
): readonly ServiceFindings[] {
  const { worstOutage, worstRecovery } = findings.data();
  const outages = new Map(worstOutage);
  const recoveries = new Map(worstRecovery);
  const shown = (worst: ReturnType<typeof outages.get>): WorstShown | undefined =>
    worst && { ms: worst.ms, text: scheduleText(worst.schedule, instances) };
  return services.map((service) => {
    const sets = findings.minimalSets(`${SERVED_AGAIN}/${service}`);
    const alone = sets.filter(({ faults }) => faults.length === 1);
    const single = byPart(
      alone.map(({ faults }) => faults[0]!),
      instances,
    );
    const known = new Set(single.map(({ part }) => part));
    const together = byParts(
      sets.filter(({ faults }) => faults.length > 1).map(({ faults }) => faults),
      instances,
    ).filter((set) => !set.some(({ part }) => known.has(part)));
    const outage = shown(outages.get(service));
    const recovery = shown(recoveries.get(service));
    return {
      service,
      servedAtStart: servedAtStart.includes(service),
      minimalSets: sets.map(({ faults }) => faults),
      singlePoints: single,
      cutSets: together,
      ...(outage && { worstOutage: outage }),
      ...(recovery && { worstRecovery: recovery }),
    };
  });
}

function byPart(faults: readonly number[], instances: readonly FaultInstance[]): PartFaults[] {
  const parts = new Map<string, string[]>();
  for (const index of faults) {
    const { part, fault } = instances[index]!;
    const list = parts.get(part);
    if (!list) parts.set(part, [fault.name]);
    else if (!list.includes(fault.name)) list.push(fault.name);
  }
  return [...parts].map(([part, names]) => ({ part, faults: names }));
}

/** Cut sets of faults of the same parts are one cut set of parts. */
function byParts(sets: readonly (readonly number[])[], instances: readonly FaultInstance[]): PartFaults[][] {
  const found = new Map<string, Map<string, Set<string>>>();
  for (const faults of sets) {
    const parts = [...new Set(faults.map((index) => instances[index]!.part))].sort();
    const key = parts.join(" ");
    let ofParts = found.get(key);
    if (!ofParts) {
      ofParts = new Map(parts.map((part) => [part, new Set<string>()]));
      found.set(key, ofParts);
    }
    for (const index of faults) ofParts.get(instances[index]!.part)!.add(instances[index]!.fault.name);
  }
  return [...found.values()].map((parts) => [...parts].map(([part, names]) => ({ part, faults: [...names] })));
}
