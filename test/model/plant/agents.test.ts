import { describe, expect, test } from "vitest";
import { Blueprint, Run } from "../../../model/kernel/index.js";
import { buildPlant } from "../../../model/plant/index.js";
import { topologyFromCib } from "../../../model/topology/from-cib.js";
import type { NodeId, ResourceAgent } from "../../../model/twin/parts.js";
import { plantRun } from "./fixture.js";

const CIB = `<cib validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0"><configuration><crm_config/>
<nodes><node id="1" uname="n1"/><node id="2" uname="n2"/></nodes>
<resources>
 <template id="tmpl" class="ocf" provider="pacemaker" type="Dummy"/>
 <clone id="web-clone"><primitive id="web" template="tmpl"/></clone>
 <primitive id="slow" class="ocf" provider="pacemaker" type="Dummy">
  <instance_attributes id="slow-ia"><nvpair id="slow-ia-s" name="op_sleep" value="2"/><nvpair id="slow-ia-f" name="state" value="/var/run/slow"/></instance_attributes>
 </primitive>
 <clone id="st-clone"><meta_attributes id="st-m"><nvpair id="st-m-p" name="promotable" value="true"/></meta_attributes>
  <primitive id="st" class="ocf" provider="pacemaker" type="Stateful"/></clone>
 <clone id="gal-clone"><meta_attributes id="gal-m"><nvpair id="gal-m-p" name="promotable" value="true"/></meta_attributes>
  <primitive id="gal" class="ocf" provider="heartbeat" type="galera"/></clone>
 <primitive id="vip" class="ocf" provider="heartbeat" type="IPaddr2">
  <instance_attributes id="vip-ia"><nvpair id="vip-ia-ip" name="ip" value="10.0.0.9"/></instance_attributes></primitive>
 <primitive id="fs" class="ocf" provider="heartbeat" type="Filesystem"/>
 <primitive id="svc" class="systemd" type="foo"/>
 <primitive id="odd" class="ocf" provider="vendor" type="odd"/>
</resources><constraints/></configuration><status/></cib>`;

function bare() {
  const loaded = topologyFromCib(CIB, "cib.xml");
  if (!loaded.ok) throw new Error(loaded.errors.map((error) => error.message).join());
  const blueprint = new Blueprint();
  const plant = buildPlant(blueprint, loaded.topology);
  const run = new Run(blueprint.world(1));
  run.advanceTo(1_000);
  const cluster = [...loaded.topology.clusters.keys()][0]!;
  const agent = (resource: string) => plant.agents.agentFor(cluster, resource);
  const operate = (resource: string, node: NodeId, operation: Parameters<ResourceAgent["begin"]>[2]) => {
    const of = agent(resource);
    const outcome = run.act((instant) => of.begin(instant, node, operation));
    if (!Number.isFinite(outcome.durationMs)) return outcome;
    run.advanceTo(run.nowMs + outcome.durationMs);
    run.act((instant) => of.complete(instant, node, operation, outcome));
    return outcome;
  };
  return { plant, run, cluster, agent, operate };
}

describe("agents over a bare CIB", () => {
  test("every agent starts, is found running there alone, stops, and is found stopped", () => {
    const { run, agent, operate } = bare();
    for (const resource of ["web", "slow", "st", "gal", "vip", "fs", "svc", "odd"]) {
      const rc = (node: string) => agent(resource).monitor(run, node).rc;
      expect([resource, rc("n1"), rc("n2")]).toEqual([resource, 7, 7]);
      expect(operate(resource, "n1", "start").rc).toBe(0);
      expect([resource, rc("n1"), rc("n2")]).toEqual([resource, 0, 7]);
      expect(operate(resource, "n1", "start").rc).toBe(0);
      expect(operate(resource, "n1", "stop").rc).toBe(0);
      expect([resource, rc("n1"), rc("n2")]).toEqual([resource, 7, 7]);
      expect(operate(resource, "n1", "stop").rc).toBe(0);
    }
  });

  test("what ran on a node is gone when the node has been off", () => {
    const { plant, run, agent, operate } = bare();
    const all = ["web", "slow", "st", "gal", "vip", "fs", "svc", "odd"];
    for (const resource of all) operate(resource, "n2", "start");
    run.act((instant) => plant.hosts.powerOff(instant, "n2", "crashed"));
    expect(all.map((resource) => agent(resource).monitor(run, "n2").rc)).toEqual(all.map(() => 7));
  });

  test("a Dummy fails by losing its state file; op_sleep slows it; /var/run is /run", () => {
    const { plant, run, agent, operate } = bare();
    operate("web", "n1", "start");
    run.act((instant) => plant.files.remove(instant, "n1", "/run/Dummy-web.state"));
    expect(agent("web:0").monitor(run, "n1").rc).toBe(7);
    expect(operate("slow", "n1", "start").durationMs).toBe(2_050);
    run.act((instant) => plant.files.remove(instant, "n1", "/run/slow"));
    expect(agent("slow").monitor(run, "n1").rc).toBe(7);
  });

  test("Stateful is promoted and demoted, and offers its score", () => {
    const { run, agent, operate } = bare();
    expect(operate("st", "n1", "promote").rc).toBe(7);
    operate("st", "n1", "start");
    expect([...agent("st").attributes!(run, "n1")]).toEqual([["master-st", "5"]]);
    operate("st", "n1", "promote");
    expect(agent("st").monitor(run, "n1").rc).toBe(8);
    expect([...agent("st").attributes!(run, "n1")]).toEqual([["master-st", "10"]]);
    operate("st", "n1", "demote");
    expect(agent("st").monitor(run, "n1").rc).toBe(0);
    operate("st", "n1", "stop");
    expect([...agent("st").attributes!(run, "n1")]).toEqual([]);
  });

  test("agents without a model of their own are listed", () => {
    expect(bare().plant.agents.generic).toEqual(["ocf:heartbeat:galera", "ocf:vendor:odd"]);
  });
});

describe("faults of operations", () => {
  test("a start made to fail fails on its node alone and leaves nothing; undone, it works", () => {
    const { plant, run, cluster, agent, operate } = bare();
    const which = { cluster, resource: "vip", node: "n1", operation: "start" } as const;
    run.act((instant) => plant.agents.override(instant, which, { rc: 1, durationMs: 100, exitReason: "made" }));
    expect(operate("vip", "n1", "start")).toMatchObject({ rc: 1, exitReason: "made" });
    expect(agent("vip").monitor(run, "n1").rc).toBe(7);
    expect(operate("vip", "n2", "start").rc).toBe(0);
    run.act((instant) => plant.agents.override(instant, which, undefined));
    expect(operate("vip", "n1", "start").rc).toBe(0);
  });

  test("a stop that hangs leaves the resource; a false monitor says what it is told; a slow start takes its time", () => {
    const { plant, run, cluster, agent, operate } = bare();
    const all = { cluster, resource: "svc" } as const;
    operate("svc", "n1", "start");
    run.act((instant) => {
      plant.agents.override(instant, { ...all, operation: "stop" }, { rc: 1, durationMs: Number.POSITIVE_INFINITY });
      plant.agents.override(instant, { ...all, operation: "monitor" }, { rc: 0, durationMs: 10 });
      plant.agents.override(instant, { ...all, operation: "start" }, { rc: 0, durationMs: 60_000 });
    });
    expect(operate("svc", "n1", "stop").durationMs).toBe(Number.POSITIVE_INFINITY);
    expect(plant.units.isRunning(run, "n1", "foo")).toBe(true);
    run.act((instant) => plant.units.kill(instant, "n1", "foo"));
    expect(agent("svc").monitor(run, "n1").rc).toBe(0);
    run.act((instant) => agent("svc").begin(instant, "n1", "start"));
    run.advanceTo(run.nowMs + 59_999);
    expect(plant.units.isReady(run, "n1", "foo")).toBe(false);
    run.advanceTo(run.nowMs + 2_000);
    expect(plant.units.isReady(run, "n1", "foo")).toBe(true);
  });
});

describe("agents of the reference architecture", () => {
  test("none is generic", () => {
    expect(plantRun().plant.agents.generic).toEqual([]);
  });

  test("a service's monitor wakes for its own unit and sleeps through everybody else's", () => {
    const { plant, run } = plantRun();
    const agent = plant.agents.agentFor("lb", "lb-haproxy");
    const read: string[] = [];
    const reader = {
      nowMs: run.nowMs,
      get: <T>(cell: { name: string; index: number; initial: T }) => {
        read.push(cell.name);
        return run.get(cell);
      },
    };
    agent.monitor(reader, "lb1");
    expect(read).toEqual(["agent/lb/lb-haproxy@lb1/overrides", "unit/haproxy@lb1"]);
  });

  test("a BMC lost fails the monitor of its fence device and its start", () => {
    const { plant, run } = plantRun();
    const agent = plant.agents.agentFor("lb", "fence-lb1");
    const started = run.act((instant) => agent.begin(instant, "lb2", "start"));
    run.act((instant) => agent.complete(instant, "lb2", "start", started));
    expect(agent.monitor(run, "lb2").rc).toBe(0);
    run.act((instant) => plant.network.setSwitch(instant, "sw-mgmt", false));
    expect(agent.monitor(run, "lb2")).toMatchObject({ rc: 1, exitReason: "lb2 does not reach bmc-lb1" });
    expect(run.act((instant) => agent.begin(instant, "lb1", "start")).rc).toBe(1);
  });
});
