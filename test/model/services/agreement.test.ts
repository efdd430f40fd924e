import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { type Instant, Run, type TraceEntry } from "../../../model/kernel/index.js";
import { buildCloud, type Cloud } from "./cloud.js";

let cloud: Cloud;
beforeAll(() => {
  cloud = buildCloud();
});

interface Act {
  readonly text: string;
  readonly act: (instant: Instant, cloud: Cloud) => void;
}

const NODES = ["lb1", "mysql1", "ctl1", "ctl2", "net1", "storage1", "storage2", "nfs1", "compute1"];
const UNITS = [
  ["ctl1", "openstack-keystone"],
  ["ctl2", "openstack-keystone"],
  ["ctl3", "neutron-server"],
  ["ctl1", "qpidd"],
  ["lb1", "haproxy"],
  ["net1", "neutron-dhcp-agent"],
  ["net1", "neutron-metadata-agent"],
  ["net1", "neutron-openvswitch-agent"],
  ["compute1", "neutron-openvswitch-agent"],
  ["compute2", "openstack-nova-compute"],
  ["storage1", "openstack-cinder-volume"],
  ["storage1", "tgtd"],
] as const;
const LINKS = ["sw-r1--sw-r2", "lb1.eth0--sw-r1", "ctl2.eth0--sw-r2", "net1.eth1--sw-r1"];

const acts: fc.Arbitrary<Act> = fc.oneof(
  fc.constantFrom(...NODES).map((node) => ({
    text: `power off ${node}`,
    act: (instant: Instant, { plant }: Cloud) => plant.hosts.powerOff(instant, node, "crash"),
  })),
  fc.constantFrom(...NODES).map((node) => ({
    text: `power on ${node}`,
    act: (instant: Instant, { plant }: Cloud) => plant.hosts.powerOn(instant, node),
  })),
  fc.constantFrom(...NODES).map((node) => ({
    text: `freeze or thaw ${node}`,
    act: (instant: Instant, { plant }: Cloud) =>
      plant.hosts.state(instant, node) === "frozen"
        ? plant.hosts.thaw(instant, node)
        : plant.hosts.freeze(instant, node),
  })),
  fc
    .tuple(fc.constantFrom(...UNITS), fc.constantFrom("kill", "start", "restart", "hang", "resume"))
    .map(([[node, unit], how]) => ({
      text: `${how} ${unit}@${node}`,
      act: (instant: Instant, { plant }: Cloud) =>
        plant.units[how as "kill" | "start" | "restart" | "hang" | "resume"](instant, node, unit),
    })),
  fc.tuple(fc.constantFrom(...LINKS), fc.boolean()).map(([link, up]) => ({
    text: `${link} ${up ? "up" : "down"}`,
    act: (instant: Instant, { plant }: Cloud) => plant.network.setLink(instant, link, up),
  })),
  fc
    .tuple(fc.constantFrom("nfs1:/srv/mysql", "nfs1:/srv/glance"), fc.constantFrom("hung", "served", "full"))
    .map(([id, how]) => ({
      text: `${id} ${how}`,
      act: (instant: Instant, { plant }: Cloud) =>
        plant.storage.setExport(instant, id, how as "hung" | "served" | "full"),
    })),
);

const schedules = fc.array(
  fc.tuple(
    fc.nat(120).map((n) => n * 500),
    acts,
  ),
  { minLength: 1, maxLength: 6 },
);

function play(schedule: readonly (readonly [number, Act])[], tickAll: boolean, untilMs: number) {
  const trace: TraceEntry[] = [];
  const run = new Run(cloud.settled, { tickAll, onTrace: (entry) => trace.push(entry) });
  const from = run.nowMs;
  for (const [atMs, { act }] of [...schedule].sort(([a], [b]) => a - b)) {
    run.advanceTo(from + atMs);
    run.act((instant) => act(instant, cloud));
  }
  run.advanceTo(from + untilMs);
  return { run, trace };
}

describe("services under random faults", () => {
  test("what the derived facts say and what a walk of the path finds are one", () => {
    fc.assert(
      fc.property(schedules, fc.integer({ min: 60, max: 400 }), (schedule, untilS) => {
        const { run } = play(schedule, false, untilS * 1000);
        for (const name of cloud.services.names) {
          const { answer, hops, ok } = cloud.services.path(run, name);
          const derived = cloud.services.answer(run, name);
          expect([name, answer.grade, answer.text]).toEqual([name, derived.grade, derived.text]);
          expect(cloud.services.isServed(run, name)).toBe(ok);
          if (!ok) expect([name, hops.some((hop) => !hop.ok)]).toEqual([name, true]);
        }
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  test("sleeping and ticking every check tell the same trace", () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        const [sleeping, ticking] = [play(schedule, false, 150_000), play(schedule, true, 150_000)];
        expect(sleeping.trace).toEqual(ticking.trace);
        expect(sleeping.run.freeze().nowMs).toBe(ticking.run.freeze().nowMs);
      }),
      { numRuns: 15, seed: 7 },
    );
  });

  test("a quiet day costs no more events than a quiet minute", () => {
    const events = (untilMs: number) => {
      const run = new Run(cloud.settled);
      return run.advanceTo(run.nowMs + untilMs);
    };
    expect(events(86_400_000)).toBe(events(60_000));
  });
});
