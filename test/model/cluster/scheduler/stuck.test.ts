import { afterAll, describe, expect, test } from "vitest";
import { readCib } from "../../../../model/cluster/cib/read.js";
import { scheduler } from "../../../../model/cluster/scheduler/index.js";
import { Both } from "../../../differential/decide-both.js";
import { isProgramHere } from "../../../real-things.js";
import { DOWN, FENCE, history, meta, NOW, operation, primitive, type Small, smallCib, started } from "./small-cib.js";

const LOST = DOWN.replace('join="down"', 'join="member"');
const stuckIn = (small: Small) => {
  const decision = scheduler.decide(readCib(smallCib(small), "cib.xml"), { nowEpochSeconds: NOW });
  return { stuck: decision.stuck, keys: decision.actions.map(({ key }) => key) };
};

/** n1 has lost its quorum with n2: what runs there cannot be stopped, nor can anybody fence it. */
const without = (small: Small): Small => ({ haveQuorum: false, states: { 2: LOST }, ...small });
const ordered = (kind: string) => `<rsc_order id="o" first="a" then="b" kind="${kind}"/>`;

describe("what waits for something that is not to be done", () => {
  test("a stop ordered after one on a node that nobody may fence is never done, and says what it waits for", () => {
    const small = without({
      resources: primitive("a") + primitive("b") + FENCE,
      constraints: ordered("Mandatory"),
      histories: { 1: started("a"), 2: started("b") },
    });
    const { stuck, keys } = stuckIn(small);
    expect(stuck).toEqual([{ action: "a_stop_0 on n1", awaits: "b_stop_0 on n2" }]);
    expect(keys).not.toContain("a_stop_0");
    const free = stuckIn({ ...small, constraints: ordered("Optional") });
    expect(free.stuck).toEqual([]);
    expect(free.keys).toContain("a_stop_0");
  });

  test("through a clone: the instance waits for what the clone as a whole waits for", () => {
    const { stuck } = stuckIn(
      without({
        resources: `<clone id="a">${primitive("i")}</clone>${primitive("b")}${FENCE}`,
        constraints: ordered("Mandatory"),
        histories: { 1: started("i"), 2: started("b") },
      }),
    );
    expect(stuck).toEqual([{ action: "i_stop_0 on n1", awaits: "b_stop_0 on n2" }]);
  });

  test("what starts after a group with an unmanaged member that would have to start with it", () => {
    const { stuck } = stuckIn({
      resources: `<group id="a">${primitive("m1")}${primitive("m2", meta("m2", "is-managed", "false"))}</group>${primitive("b")}${FENCE}`,
      constraints: ordered("Mandatory"),
      histories: { 1: started("m2") },
    });
    expect(stuck).toContainEqual({ action: "b_start_0 on n2", awaits: "m2_start_0 on n1" });
  });
});

/** c has to start on both nodes; on n2 it is unmanaged, for that is in maintenance. */
const maintained: Small = {
  resources: `<clone id="c"><meta_attributes id="c-m"><nvpair id="c-n" name="notify" value="true"/></meta_attributes>${primitive("i")}</clone>${primitive("b")}${FENCE}`,
  constraints: '<rsc_order id="o" first="c" then="b"/>',
  histories: { 2: history("i", operation("i", "start", 1, 5)) },
  attributes: { 2: { maintenance: "true" } },
};

describe.skipIf(!isProgramHere("crm_simulate"))("the same is left undone by crm_simulate", () => {
  const both = new Both({ graphs: true });
  afterAll(() => both.end());
  test("a clone with an instance that is unmanaged and would have to start again, and what comes after it", async () => {
    const decided = scheduler.decide(readCib(smallCib(maintained), "cib.xml"), { nowEpochSeconds: NOW });
    expect(decided.stuck.length).toBeGreaterThan(0);
    expect(await both.compare(smallCib(maintained))).toBeUndefined();
  });

  test("nobody waits for an unmanaged instance to be told of a stop", async () => {
    const stopping = {
      ...maintained,
      histories: { 1: started("i"), 2: started("i") },
      attributes: { 1: { standby: "true" }, 2: { maintenance: "true" } },
    };
    const decided = scheduler.decide(readCib(smallCib(stopping), "cib.xml"), { nowEpochSeconds: NOW });
    expect(decided.stuck).toEqual([]);
    expect(decided.actions.map(({ key }) => key)).toContain("c_confirmed-pre_notify_stop_0");
    expect(await both.compare(smallCib(stopping))).toBeUndefined();
  });

  const shapes = ["primitive", "group", "clone", "promotable"] as const;
  type Shape = (typeof shapes)[number];
  const written = (shape: Shape, id: string): string => {
    if (shape === "primitive") return primitive(id);
    if (shape === "group") return `<group id="${id}">${primitive(`${id}1`)}${primitive(`${id}2`)}</group>`;
    const more = shape === "promotable" ? meta(id, "promotable", "true") : "";
    return `<clone id="${id}">${more}${primitive(`${id}1`)}</clone>`;
  };
  const running = (shape: Shape, id: string): string =>
    (shape === "primitive" ? [id] : shape === "group" ? [`${id}1`, `${id}2`] : [`${id}1`]).map(started).join("");

  const table = shapes.flatMap((first) => shapes.map((then) => [first, then] as const));
  test.each(table)("a %s before a %s", async (first, then) => {
    for (const kind of ["Mandatory", "Optional"])
      for (const [one, other] of [
        [1, 2],
        [2, 1],
      ] as const)
        for (const haveQuorum of [true, false]) {
          const small = without({
            haveQuorum,
            resources: written(first, "a") + written(then, "b") + FENCE,
            constraints: ordered(kind),
            histories: { [one]: running(first, "a"), [other]: running(then, "b") },
          });
          const differs = await both.compare(smallCib(small));
          expect.soft(differs, `${kind}, ${first} on n${one}, quorum ${haveQuorum}`).toBeUndefined();
        }
  });
});
