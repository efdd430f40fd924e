import { get, type IncomingMessage } from "node:http";
import { describe, expect, test } from "vitest";
import { scheduler } from "../../../model/cluster/scheduler/index.js";
import { readScenario } from "../../../scenarios/file/read-scenario.js";
import { replayToken } from "../../../scenarios/replay.js";
import { loadTopology } from "../../../scenarios/topology-files.js";
import { type AskedStep, applyChange, type LiveChange, type LiveRun } from "../../../viewer/page/live-data.js";
import { usePairServer } from "./pair-server.js";

const pair = usePairServer();
const usedTopology = () => {
  const loaded = loadTopology("fixtures/minimal-pair/topology.yaml");
  if (!loaded.ok) throw loaded.errors[0]!;
  return loaded;
};
const loseNode = { kind: "fault", name: "lose-node", params: { node: "web1" } } as const;
const restart = { kind: "operator", name: "restart-unit", params: { node: "web2", unit: "nginx" } } as const;

/** A watcher as a browser is one: it reads events, and when it was cut comes back with the last id that it saw. */
class Watcher {
  readonly seen: LiveChange[] = [];
  #last: string | undefined;
  #response: IncomingMessage | undefined;

  connect(): Promise<void> {
    return new Promise((done, fail) => {
      const headers = this.#last === undefined ? {} : { "last-event-id": this.#last };
      const asked = get(`${pair().url}/api/live/events?after=${pair().session.id}.0`, { headers }, (response) => {
        this.#response = response;
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
          for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
            this.#event(text.slice(0, end));
            text = text.slice(end + 2);
          }
        });
        response.on("error", () => {});
        done();
      });
      asked.on("error", fail);
    });
  }

  cut(): void {
    this.#response?.destroy();
  }

  #event(text: string): void {
    const id = /^id: (.*)$/m.exec(text)?.[1];
    const data = /^data: (.*)$/m.exec(text)?.[1];
    if (id === undefined || data === undefined) return;
    this.#last = id;
    this.seen.push(JSON.parse(data) as LiveChange);
  }
}

describe("the live run", () => {
  test("previews without doing, does, and is taken back: the trace is that of before, entry for entry", () => {
    const { session } = pair();
    const before = session.run;
    const asked = { seen: before.change, atMs: 60_000, steps: [loseNode] };
    const preview = session.preview(asked);
    expect(preview.outagesMs).toHaveProperty(["journey/visit"]);
    expect(session.run).toBe(before);
    const after = session.act(asked);
    expect(after.trace[0]).toMatchObject({ kind: "fault", atMs: 60_000, subject: "node/web1" });
    expect(after.verdict!.outagesMs).toEqual(preview.outagesMs);
    expect(() => session.act(asked)).toThrow(/somebody else/);
    expect(session.undo(after.change)!.trace).toEqual(before.trace);
  });

  test("goes on from the moment shown: what was done after it is dropped", () => {
    const { session } = pair();
    session.act({ seen: session.run.change, atMs: 1_000, steps: [loseNode] });
    session.act({
      seen: session.run.change,
      atMs: 300_000,
      steps: [{ kind: "heal", of: session.run.steps[0]!.label }],
    });
    expect(session.run.steps).toHaveLength(2);
    session.act({ seen: session.run.change, atMs: 200_000, steps: [restart] });
    expect(session.run.steps.map(({ text }) => text)).toEqual(["lose-node web1", "service nginx restart"]);
    while (session.run.steps.length > 0) session.undo(session.run.change);
  });

  test("is saved as a scenario that reads back with the same steps", () => {
    const { session } = pair();
    session.act({ seen: session.run.change, atMs: 2_000, steps: [loseNode, restart] });
    const scenario = readScenario(session.scenarioText()!, "by-hand.scenario.yaml");
    expect(scenario.steps.map(({ kind, atMs }) => [kind, atMs])).toEqual([
      ["fault", 2_000],
      ["operator", 2_000],
    ]);
    expect(session.testText()).toContain('"journey/visit"');
    session.undo(session.run.change);
  });

  test("says for each thing done the command that plays it again: undone steps and heals too", () => {
    const { session } = pair();
    const from = session.run.log.length;
    const { topology } = usedTopology();
    const outages: unknown[] = [];
    const act = (atMs: number, step: AskedStep) =>
      outages.push(session.act({ seen: session.run.change, atMs, steps: [step] }).verdict!.outagesMs);
    act(60_000, loseNode);
    act(120_000, { kind: "heal", of: session.run.steps[0]!.label });
    outages.push(session.undo(session.run.change)!.verdict!.outagesMs);
    const log = session.run.log.slice(from);
    expect(log.map(({ text }) => text)).toEqual(["lose-node web1", "heal lose-node web1", "undo: heal lose-node web1"]);
    const again = log.map(({ command }) => {
      const [, token, file] = /^fencepost replay (fp1\.\S+) --topology (\S+)$/.exec(command)!;
      expect(file).toBe(topology.file);
      return replayToken(token!, topology, { scheduler, version: "test" }).run.verdict.outagesMs;
    });
    expect(again).toEqual(outages);
    session.undo(session.run.change);
    expect(session.run.log.at(-1)!.command).toBe(`fencepost serve --topology ${topology.file}`);
  });

  test("a watcher that saw another start of the server is told to read the whole", async () => {
    const { session } = pair();
    session.act({ seen: session.run.change, atMs: 1_000, steps: [loseNode] });
    const events = async (after: string) => {
      const controller = new AbortController();
      const { body } = await fetch(`${pair().url}/api/live/events?after=${after}`, { signal: controller.signal });
      const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      while (!/^data: /m.test(text)) text += (await reader.read()).value;
      controller.abort();
      return /^event: (.*)$/m.exec(text)![1];
    };
    expect(await events("another.0")).toBe("reset");
    expect(await events(`${session.id}.999`)).toBe("reset");
    expect(await events(`${session.id}.0`)).toBe("change");
    session.undo(session.run.change);
  });

  test("a hundred watchers, one in ten cut at each change: each sees every change once, in order, and ends with the same run", async () => {
    const { session } = pair();
    const start = session.run as LiveRun;
    const watchers = Array.from({ length: 100 }, () => new Watcher());
    // The rate limit lets a hundred at once in: they are one address here.
    await Promise.all(watchers.map((watcher) => watcher.connect()));
    await expect.poll(() => pair().watchers.count).toBe(100);
    const from = start.change;
    for (let round = 0; round < 10; round++) {
      const cut = watchers.filter((_, i) => i % 10 === round);
      for (const watcher of cut) watcher.cut();
      if (round % 3 === 2) session.undo(session.run.change);
      else
        session.act({ seen: session.run.change, atMs: (round + 1) * 10_000, steps: [round % 2 ? restart : loseNode] });
      await Promise.all(cut.map((watcher) => watcher.connect()));
    }
    const last = session.run.change;
    const wanted = Array.from({ length: last - from }, (_, i) => from + 1 + i);
    for (const watcher of watchers) {
      const mine = () => watcher.seen.map(({ change }) => change).filter((change) => change > from);
      await expect.poll(mine).toEqual(wanted);
    }
    for (const watcher of watchers.slice(0, 5)) {
      const run = watcher.seen.filter(({ change }) => change > from).reduce(applyChange, start);
      expect(run.trace).toEqual(session.run.trace);
      expect(run.paths).toEqual(session.run.paths);
      expect(run.log).toEqual(session.run.log);
    }
    for (const watcher of watchers) watcher.cut();
  });
});
