import { describe, expect, test } from "vitest";
import { type Answer, failed, OK, unconnected } from "../../../model/dataplane/answer.js";
import { balanced } from "../../../model/dataplane/balanced.js";
import type { BalancerView } from "../../../model/dataplane/views.js";
import { Blueprint, type Reader } from "../../../model/kernel/index.js";
import { haproxyConfig } from "../../../model/services/haproxy-config.js";

const blueprint = new Blueprint();
const cell = blueprint.cell("process", 0);
const read: Reader = blueprint.world(1);

/** One haproxy with such a configuration and such servers marked down. */
function view(text: string, down: readonly string[] = []): BalancerView {
  const config = haproxyConfig(text);
  if (typeof config === "string") throw new Error(config);
  return {
    isBalancer: () => true,
    config: () => config,
    processCell: () => cell,
    health: (_, __, ___, server) => (down.includes(server) ? "down" : "up"),
    healthCell: () => undefined,
    isHung: () => false,
    isFull: () => false,
  };
}

const file = (lines: string, mode = "tcp") =>
  `defaults\n mode ${mode}\n timeout connect 2s\n timeout client 9s\n timeout server 9s\nlisten api\n bind *:80\n${lines}`;
const PAIR = " server a 10.0.0.1:80 check\n server b 10.0.0.2:80 check\n";
const DEAD = unconnected("timeout", "node/a", "a is dead");
const REFUSED = failed("refused", "unit/a", "a refuses");
const ERROR = failed("error", "unit/a", "a answers 500", 500);

/** `answers` by the last figure of the server's address. */
function ask(text: string, answers: Record<number, Answer>, down: readonly string[] = []): Answer {
  return balanced(read, view(text, down), "lb", "10.0.0.9", 80, (_, address) => answers[Number(address.at(-1))] ?? OK);
}

describe("what a client of haproxy gets", () => {
  test("all servers well", () => expect(ask(file(PAIR), {})).toBe(OK));

  test.each([
    ["dead", DEAD],
    ["refusing", REFUSED],
  ])("one server %s and not yet marked down: slow with redispatch, failing in part without", (_, answer) => {
    expect(ask(file(` option redispatch\n${PAIR}`), { 1: answer }).grade).toBe("slow");
    expect(ask(file(` no option redispatch\n${PAIR}`), { 1: answer }).grade).toBe("partly");
  });

  test("a server marked down is not asked", () => expect(ask(file(PAIR), { 1: ERROR }, ["a"])).toBe(OK));

  test("an error is handed on: redispatch does not help", () => {
    expect(ask(file(` option redispatch\n${PAIR}`), { 1: ERROR })).toMatchObject({ grade: "partly", status: 500 });
  });

  test("one dead and the other failing: nobody is served", () => {
    expect(ask(file(` option redispatch\n${PAIR}`), { 1: DEAD, 2: ERROR })).toMatchObject({ grade: "failed" });
  });

  test("no server left: closed in TCP mode, 503 in HTTP mode", () => {
    expect(ask(file(PAIR), {}, ["a", "b"])).toMatchObject({ grade: "failed", failure: "error" });
    expect(ask(file(PAIR), {}, ["a", "b"]).status).toBeUndefined();
    expect(ask(file(PAIR, "http"), {}, ["a", "b"]).status).toBe(503);
  });

  test("a backup is used only when every other is down, and only the first", () => {
    const text = file(`${PAIR} server c 10.0.0.3:80 check backup\n server d 10.0.0.4:80 check backup\n`);
    expect(ask(text, { 3: ERROR, 4: ERROR })).toBe(OK);
    expect(ask(text, { 3: ERROR }, ["a"])).toBe(OK);
    expect(ask(text, { 3: ERROR }, ["a", "b"])).toMatchObject({ grade: "failed" });
    expect(ask(text, { 4: ERROR }, ["a", "b"])).toBe(OK);
  });

  test("stick on dst sends everybody to one server", () => {
    const text = file(` stick-table type ip size 2\n stick on dst\n${PAIR}`);
    expect(ask(text, { 2: ERROR })).toBe(OK);
    expect(ask(text, { 1: ERROR })).toMatchObject({ grade: "failed" });
    expect(ask(text, { 1: ERROR }, ["a"])).toBe(OK);
  });

  test("a port that is not bound is refused", () => {
    const answer = balanced(read, view(file(PAIR)), "lb", "10.0.0.9", 81, () => OK);
    expect(answer).toMatchObject({ grade: "failed", failure: "refused" });
  });
});
