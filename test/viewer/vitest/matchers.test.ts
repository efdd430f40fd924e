import { describe, expect, expectTypeOf, it } from "vitest";
import { loadTopology, type Played, replay, run, type ScenarioData } from "../../../scenarios/index.js";
import "../../../viewer/vitest/index.js";

const topology = loadTopology("fixtures/minimal-pair/topology.yaml");
const lost: ScenarioData = {
  timeline: [
    { fault: "lose-node", node: "web1", as: "lost" },
    { after: "5m", heal: "lost" },
  ],
};
const played = run(topology, lost);

/** The message of a matcher that is not met; undefined where it is. */
function messageOf(check: () => void): string | undefined {
  try {
    check();
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}

describe("a node that is lost", () => {
  it("fails over within its budget, keeps serving but for a while, and nothing runs twice", () => {
    expect(played).toFailOver({ within: "30s" });
    expect(played).toFailOver({ resource: "web/web", to: "web2", within: 16_000 });
    expect(played).toKeepServing("journey/visit", { outage: "16s" });
    expect(played).toNeverRunTwice();
    expect(played).toKeepPromises();
  });

  it("within less is a failure that prints the timeline and a token that plays it again", () => {
    const message = messageOf(() => expect(played).toFailOver({ resource: "web/site", within: "10s" })) ?? "";
    expect(message).toMatch(/^expected web\/site to fail over within 10\.0 s; everything was back after 15\.\d s\n/);
    expect(message).toContain("0:00:00.000  fault node/web1: lose-node");
    expect(message).toContain("node/web1: fenced. web2 fenced web1");
    const token = /replay +fencepost replay (\S+) -t fixtures\/minimal-pair\/topology.yaml/.exec(message)?.[1] ?? "";
    expect(replay(topology, token).run.trace).toEqual(played.trace);
  });

  it("is no outage of nothing, no move to where it ran, and can be asked for the contrary", () => {
    expect(messageOf(() => expect(played).toKeepServing("journey/visit"))).toMatch(/it was out for 15\.\d s in all/);
    expect(messageOf(() => expect(played).toFailOver({ to: "web1", within: "1h" }))).toMatch(
      /nothing was started on web1/,
    );
    expect(played).not.toFailOver({ within: "10s" });
    expect(messageOf(() => expect(played).not.toKeepPromises())).toMatch(
      /^expected every promise to be kept, and did not/,
    );
  });
});

it("a partition behind a fence device that lies runs everything twice, and is caught", () => {
  const twice = run(topology, {
    timeline: [
      { fault: "fence-lies", controller: "bmc-web1", as: "lies-1" },
      { fault: "fence-lies", controller: "bmc-web2", as: "lies-2" },
      { after: "1m", fault: "partition", from: ["web1"], to: ["web2"] },
    ],
  });
  expect(messageOf(() => expect(twice).toNeverRunTwice())).toMatch(/exclusive-resource was broken: /);
  expect(messageOf(() => expect(twice).toKeepPromises())).toMatch(/^expected every promise to be kept; fail: /);
});

it.each([
  [
    "a resource",
    () => expect(played).toFailOver({ resource: "web/nope", within: "1s" }),
    /unknown resource "web\/nope"; resources: web\/web, /,
  ],
  ["a node", () => expect(played).toFailOver({ to: "web3", within: "1s" }), /unknown node "web3"; nodes: web1, web2/],
  ["a journey", () => expect(played).toKeepServing("visit"), /unknown service or journey "visit"; .*journey\/visit/],
  ["a duration", () => expect(played).toFailOver({ within: "soon" }), /within: "soon" is no duration/],
  ["a run", () => expect("played").toKeepPromises(), /expected what run\(\) of fencepost returns/],
])("what is no name of %s is said, with the known ones, and is no failure of the run", (_, check, message) => {
  expect(messageOf(check)).toMatch(message);
});

it("the matchers have types", () => {
  expectTypeOf(played).toEqualTypeOf<Played>();
  expectTypeOf(expect(played).toFailOver)
    .parameter(0)
    .toEqualTypeOf<import("../../../viewer/vitest/index.js").FailOver>();
  // @ts-expect-error a fail-over without a time is no promise
  expect(() => expect(played).toFailOver({})).toThrow();
  // @ts-expect-error a step does one thing
  expect(() => run(topology, { timeline: [{ at: "1s" }] })).toThrow(/does nothing/);
});
