import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { agentDuration, DURATION_KEYS, defaultDurations, durationOf } from "../../../model/topology/durations.js";
import { spanMs } from "../../../model/topology/span-text.js";
import { loaded } from "./havana.js";

const mysqld = { cluster: "db", id: "mysqld", agentClass: "ocf", agent: "mysql" };

describe("durations", () => {
  test("every default is whole milliseconds and has its source", () => {
    const defaults = defaultDurations();
    for (const key of DURATION_KEYS) {
      const { ms, source } = defaults.get(key)!;
      expect(Number.isInteger(ms) && ms >= 0, key).toBe(true);
      expect(source, key).not.toBe("");
    }
  });

  test("a resource's own comes first, then its agent's, then a generic one", () => {
    const { durations } = loaded({
      yaml: (yaml) => `${yaml}\ndurations:\n  db/mysqld.start: 42s\n  agent.mysql.stop: 7s\n`,
    });
    expect(agentDuration(durations, mysqld, "start")).toMatchObject({ ms: 42_000, source: "the topology" });
    expect(agentDuration(durations, mysqld, "stop").ms).toBe(7_000);
    expect(agentDuration(durations, mysqld, "monitor")).toEqual(durationOf(defaultDurations(), "agent.mysql.monitor"));
    const unknown = { cluster: "db", id: "x", agentClass: "ocf", agent: "__proto__" };
    expect(agentDuration(durations, unknown, "start")).toEqual(durationOf(durations, "agent.generic.start"));
    const dummy = { cluster: "db", id: "x", agentClass: "ocf", agent: "Dummy" };
    expect(agentDuration(durations, dummy, "promote")).toEqual(durationOf(durations, "agent.generic.promote"));
  });

  test("an init script of OpenStack takes OpenStack's time, any other a service's", () => {
    const durations = defaultDurations();
    const lsb = (agent: string) => ({ cluster: "ctl", id: agent, agentClass: "lsb", agent });
    expect(agentDuration(durations, lsb("openstack-keystone"), "start")).toEqual(
      durationOf(durations, "agent.openstack.start"),
    );
    expect(agentDuration(durations, lsb("neutron-server"), "start")).toEqual(
      durationOf(durations, "agent.openstack.start"),
    );
    expect(agentDuration(durations, lsb("nginx"), "start")).toEqual(durationOf(durations, "agent.service.start"));
    expect(agentDuration(durations, lsb("haproxy"), "stop")).toEqual(durationOf(durations, "agent.haproxy.stop"));
  });

  test("a span is its number times its unit, and nothing else is a span", () => {
    const units = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 };
    fc.assert(
      fc.property(fc.nat(99_999), fc.constantFrom(...(Object.keys(units) as (keyof typeof units)[])), (count, unit) => {
        expect(spanMs(`${count}${unit}`)).toBe(count * units[unit]);
      }),
      { seed: 1 },
    );
    for (const text of ["", "5", "s", "-1s", "1e3s", "1 minute", "1s1s", "٣s"]) expect(spanMs(text)).toBeUndefined();
  });
});
