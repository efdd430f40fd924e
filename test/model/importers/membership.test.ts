import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { importClusterConf } from "../../../model/importers/cluster-conf.js";
import { importCorosync } from "../../../model/importers/corosync.js";
import { isProgramHere } from "../../real-things.js";
import { exitCode, thrownBy } from "./programs.js";

/** A cluster.conf as pcs 0.9.90 writes it. */
function clusterConf(
  nodes: readonly string[],
  more = "",
  cman = nodes.length === 2 ? 'two_node="1" expected_votes="1"' : "",
): string {
  const members = nodes.map(
    (name, index) => `<clusternode name="${name}" nodeid="${index + 1}">
    <fence><method name="pcmk-method"><device name="pcmk" port="${name}"/></method></fence></clusternode>`,
  );
  return `<cluster name="x" config_version="3">
  <clusternodes>${members.join("\n")}</clusternodes>
  <cman ${cman}/>
  <fencedevices><fencedevice name="pcmk" agent="fence_pcmk"/></fencedevices>
  ${more}
</cluster>
`;
}

const cman = (text: string) => importClusterConf(text, "cluster.conf").facts;

describe("cluster.conf", () => {
  test("two nodes: token 10 s, consensus a fifth of it held to 2 s, two_node, no wait_for_all", () => {
    const facts = cman(clusterConf(["a", "b"]));
    expect(facts.totem).toMatchObject({ tokenMs: 10_000, consensusMs: 2000, joinMs: 60, retransmitsBeforeLoss: 20 });
    expect(facts.quorum).toMatchObject({ twoNode: true, expectedVotes: 1, waitForAll: false });
    expect([facts.postFailDelayMs, facts.postJoinDelayMs, facts.redirectsToPacemaker]).toEqual([0, 6000, true]);
  });

  test("three nodes: consensus is the token and two seconds, votes are counted", () => {
    const facts = cman(clusterConf(["a", "b", "c"], '<totem token="5000"/><fence_daemon post_join_delay="20"/>'));
    expect(facts.totem).toMatchObject({ tokenMs: 5000, consensusMs: 7000 });
    expect(facts.quorum).toMatchObject({ twoNode: false, expectedVotes: 3 });
    expect(facts.postJoinDelayMs).toBe(20_000);
  });

  test.each([
    [500, 200],
    [1000, 200],
    [4000, 800],
    [30_000, 2000],
  ])("two nodes, token %d ms: consensus %d ms", (token, consensus) => {
    expect(cman(clusterConf(["a", "b"], `<totem token="${token}"/>`)).totem.consensusMs).toBe(consensus);
  });

  test("consensus said: it counts, and is no longer listed as a default", () => {
    const { totem } = cman(clusterConf(["a", "b"], '<totem token="3000" consensus="4000"/>'));
    expect(totem.consensusMs).toBe(4000);
    expect(totem.defaulted.map(({ setting }) => setting)).toEqual(["joinMs", "retransmitsBeforeLoss"]);
  });

  test("a node fenced by another agent: not redirected to Pacemaker, the device not modelled, its password hidden", () => {
    const text = clusterConf(["a", "b"]).replace("fence_pcmk", 'fence_ipmilan" passwd="hunter2" ipaddr="10.0.0.1');
    const { facts, ledger } = importClusterConf(text, "cluster.conf");
    expect(facts.redirectsToPacemaker).toBe(false);
    expect(facts.fenceDevices[0]!.parameters.get("ipaddr")).toBe("10.0.0.1");
    expect(JSON.stringify([[...facts.fenceDevices[0]!.parameters], ledger])).not.toContain("hunter2");
    expect(ledger.find(({ text }) => text.includes("fencedevices"))!.status).toBe("not-modelled");
  });

  test.each([
    [
      "two_node with three nodes",
      clusterConf(["a", "b", "c"], "", 'two_node="1" expected_votes="1"'),
      "cluster.conf:8: cman: two_node needs exactly two nodes",
    ],
    ["one name twice", clusterConf(["a", "a"]), 'cluster.conf:4: clusternode: line 2 already has "a"'],
    ["one nodeid twice", clusterConf(["a", "b"]).replace('nodeid="2"', 'nodeid="1"'), 'line 2 already has "nodeid 1"'],
    [
      "no nodeid",
      clusterConf(["a"]).replace(' nodeid="1"', ""),
      "cluster.conf:2: clusternode: attribute nodeid is missing",
    ],
    [
      "a fence device from nowhere",
      clusterConf(["a"]).replace('device name="pcmk"', 'device name="ipmi"'),
      'node a: unknown fence device "ipmi"; fence devices: pcmk',
    ],
    [
      "a token of words",
      clusterConf(["a"], '<totem token="long"/>'),
      'totem token: expected a whole number, found "long"',
    ],
    ["another root", "<cib/>", 'cluster.conf:1: expected <cluster>, found "cib"'],
    ["no end", "<cluster>\n<clusternodes>\n", "cluster.conf:"],
    [
      "an entity bomb",
      '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<cluster>&b;</cluster>',
      "cluster.conf:1:",
    ],
    ["nesting without end", `${"<a>".repeat(50_000)}${"</a>".repeat(50_000)}`, "cluster.conf:1: elements nest deeper"],
  ])("%s: an error with its place", (_, text, message) => {
    expect(thrownBy(() => cman(text))).toMatch(/^InputError: /);
    expect(thrownBy(() => cman(text))).toContain(message);
  });

  test("an element spread over lines, comments and unknown elements: each line settled", () => {
    const text = clusterConf(["a"], '<!-- two\nlines -->\n<fence_daemon\n  post_fail_delay="3"\n/>\n<frob/>');
    const { ledger, facts } = importClusterConf(text, "cluster.conf");
    expect(facts.postFailDelayMs).toBe(3000);
    expect(ledger.filter(({ status }) => status === "unrecognised").map(({ text }) => text)).toEqual(["<frob/>"]);
    expect(ledger.filter(({ reason }) => reason === "comment")).toHaveLength(2);
  });

  test("Windows line ends and a byte order mark: the same facts and lines", () => {
    const text = clusterConf(["a", "b"]);
    const windows = importClusterConf(`\uFEFF${text.replaceAll("\n", "\r\n")}`, "cluster.conf");
    expect(windows).toEqual(importClusterConf(text, "cluster.conf"));
  });
});

/** A corosync.conf of today. */
function corosync(nodes: number, more: { totem?: string; quorum?: string; node?: string; top?: string } = {}): string {
  const members = Array.from(
    { length: nodes },
    (_, index) =>
      `  node {\n    ring0_addr: 127.0.0.${index + 1}\n    nodeid: ${index + 1}\n    name: n${index + 1}\n${more.node ?? ""}  }\n`,
  );
  return `totem {\n  version: 2\n  cluster_name: x\n${more.totem ?? ""}}\nnodelist {\n${members.join("")}}\nquorum {\n  provider: corosync_votequorum\n${more.quorum ?? ""}}\n${more.top ?? ""}`;
}

const totem = (text: string) => importCorosync(text, "corosync.conf").facts.totem;
const quorum = (text: string) => importCorosync(text, "corosync.conf").facts.quorum;

describe("corosync.conf", () => {
  test("defaults of today: token 3000 ms, 650 ms more for each node beyond two, consensus 1.2 × that", () => {
    expect(totem(corosync(2))).toMatchObject({ tokenMs: 3000, consensusMs: 3600, joinMs: 50, transport: "knet" });
    expect(totem(corosync(3))).toMatchObject({ tokenMs: 3650, consensusMs: 4380 });
    expect(totem(corosync(5))).toMatchObject({ tokenMs: 4950, consensusMs: 5940 });
  });

  test("a token that is said: still raised by the coefficient, unless that is 0", () => {
    expect(totem(corosync(3, { totem: "  token: 1000\n" })).tokenMs).toBe(1650);
    expect(totem(corosync(3, { totem: "  token: 1000\n  token_coefficient: 0\n" }))).toMatchObject({
      tokenMs: 1000,
      consensusMs: 1200,
      defaulted: [
        { setting: "consensusMs" },
        { setting: "joinMs" },
        { setting: "retransmitsBeforeLoss" },
        { setting: "transport" },
      ],
    });
  });

  test("corosync 1.4 (interfaces, Pacemaker as a service): token 1000 ms, consensus 1200 ms", () => {
    const text =
      "compatibility: whitetank\ntotem {\n  version: 2\n  secauth: off\n  interface {\n    ringnumber: 0\n    bindnetaddr: 10.0.0.0\n    mcastaddr: 226.94.1.1\n    mcastport: 5405\n  }\n}\nservice {\n  name: pacemaker\n  ver: 1\n}\n";
    const { facts, ledger } = importCorosync(text, "corosync.conf");
    expect(facts).toMatchObject({
      generation: 1,
      totem: { tokenMs: 1000, consensusMs: 1200, secauth: false, transport: "udp" },
      interfaces: [{ ringNumber: 0, bindNetAddress: "10.0.0.0", multicastPort: 5405 }],
    });
    expect(ledger.filter(({ status }) => status === "unrecognised")).toEqual([]);
  });

  test("two_node: implies wait_for_all, unless that is set to 0", () => {
    expect(quorum(corosync(2, { quorum: "  two_node: 1\n" }))).toMatchObject({
      twoNode: true,
      waitForAll: true,
      expectedVotes: 2,
    });
    expect(quorum(corosync(2, { quorum: "  two_node: 1\n  wait_for_all: 0\n" }))).toMatchObject({ waitForAll: false });
    expect(quorum(corosync(2))).toMatchObject({ twoNode: false, waitForAll: false });
  });

  test("two_node with more nodes, or with auto_tie_breaker: votequorum drops it", () => {
    expect(quorum(corosync(3, { quorum: "  two_node: 1\n" })).twoNode).toBe(false);
    expect(quorum(corosync(2, { quorum: "  two_node: 1\n  auto_tie_breaker: 1\n" }))).toMatchObject({
      twoNode: false,
      autoTieBreaker: true,
      waitForAll: false,
    });
  });

  test("auto_tie_breaker in an odd cluster: wait_for_all follows; refused with it, the tie-breaker goes", () => {
    expect(quorum(corosync(3, { quorum: "  auto_tie_breaker: 1\n" }))).toMatchObject({
      autoTieBreaker: true,
      waitForAll: true,
    });
    expect(quorum(corosync(3, { quorum: "  auto_tie_breaker: 1\n  wait_for_all: 0\n" })).autoTieBreaker).toBe(false);
  });

  test("votes: of the nodes, or as said", () => {
    expect(quorum(corosync(2, { node: "    quorum_votes: 3\n" })).expectedVotes).toBe(6);
    expect(quorum(corosync(2, { quorum: "  expected_votes: 2\n", node: "    quorum_votes: 3\n" })).expectedVotes).toBe(
      2,
    );
    expect(
      quorum(corosync(3, { quorum: "  last_man_standing: 1\n  last_man_standing_window: 20000\n" })),
    ).toMatchObject({
      lastManStanding: true,
      lastManStandingWindowMs: 20_000,
    });
  });

  const refused: readonly (readonly [string, string, string])[] = [
    [
      "consensus of 20 ms",
      corosync(1, { totem: "  token: 1000\n  consensus: 20\n" }),
      "corosync.conf:5: totem.consensus",
    ],
    [
      "consensus below join",
      corosync(1, { totem: "  token: 1000\n  consensus: 40\n" }),
      "corosync.conf:5: totem: consensus 40 ms is below join 50 ms",
    ],
    [
      "token of 10 ms",
      corosync(1, { totem: "  token: 10\n" }),
      "corosync.conf:4: totem.token: expected a number from 30",
    ],
    [
      "token of words",
      corosync(1, { totem: "  token: abc\n" }),
      'corosync.conf:4: totem.token: expected a whole number, found "abc"',
    ],
    [
      "an unknown transport",
      corosync(1, { totem: "  transport: foo\n" }),
      'unknown transport "foo"; transports: udp, udpu, knet',
    ],
    ["a brace too many", corosync(1, { top: "}\n" }), "a closing brace with no section open"],
    ["a section left open", corosync(1, { top: "logging {\n" }), 'a section that is not closed: "logging"'],
    ["a key without a colon", corosync(1, { quorum: "  two_node\n" }), 'found "two_node"'],
    ["two_node of words", corosync(1, { quorum: "  two_node: maybe\n" }), "quorum.two_node: expected a whole number"],
    ["a node without nodeid", corosync(1).replace("    nodeid: 1\n", ""), "nodelist: a node without nodeid"],
    [
      "a node without address",
      corosync(1).replace("    ring0_addr: 127.0.0.1\n", ""),
      "nodelist: a node without ring0_addr",
    ],
    ["one nodeid twice", corosync(2).replace("nodeid: 2", "nodeid: 1"), 'nodelist: line 6 already has "nodeid 1"'],
  ];

  test.each(refused)("%s: an error with its place", (_, text, message) => {
    expect(thrownBy(() => importCorosync(text, "corosync.conf"))).toMatch(/^InputError: corosync\.conf:\d+: /);
    expect(thrownBy(() => importCorosync(text, "corosync.conf"))).toContain(message);
  });

  test("two_node with a quorum device: refused, as votequorum does at start", () => {
    const text = corosync(2, { quorum: "  two_node: 1\n  device {\n    model: net\n  }\n" });
    expect(thrownBy(() => importCorosync(text, "corosync.conf"))).toContain("two_node and a quorum device");
  });

  const folder = mkdtempSync(join(tmpdir(), "fencepost-corosync-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.skipIf(!isProgramHere("corosync"))("corosync -t: refuses and accepts the same files", () => {
    const accepts = (text: string) => {
      writeFileSync(join(folder, "corosync.conf"), text);
      return exitCode("corosync", ["-t", "-c", join(folder, "corosync.conf")]) === 0;
    };
    const good = [
      corosync(1),
      corosync(1, { totem: "  token: 1000\n  consensus: 60\n  secauth: off\n" }),
      corosync(1, { quorum: "  wait_for_all: 1\n" }),
    ];
    for (const text of good) {
      expect(thrownBy(() => importCorosync(text, "corosync.conf"))).toBe("nothing");
      expect(accepts(text)).toBe(true);
    }
    for (const [name, text] of refused) expect([name, accepts(text)]).toEqual([name, false]);
  });

  test("unknown keys and sections: unrecognised with their path; known ones with their reason", () => {
    const { ledger } = importCorosync(
      corosync(1, { totem: "  frob: 1\n  rrp_mode: none\n  netmtu: 9000\n", top: "frobs {\n  a: 1\n}\n" }),
      "c",
    );
    const of = (text: string) => ledger.find((entry) => entry.text.trim() === text);
    expect(of("frob: 1")).toMatchObject({ status: "unrecognised", reason: "key totem.frob" });
    expect(of("frobs {")).toMatchObject({ status: "unrecognised" });
    expect(of("rrp_mode: none")).toMatchObject({ status: "not-modelled" });
    expect(of("netmtu: 9000")).toMatchObject({ status: "ignored" });
  });
});
