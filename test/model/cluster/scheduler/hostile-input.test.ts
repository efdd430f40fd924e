import { describe, expect, test } from "vitest";
import { readCib } from "../../../../model/cluster/cib/read.js";
import { scheduler } from "../../../../model/cluster/scheduler/index.js";
import { simulate } from "../../../../model/cluster/scheduler/simulate/simulate.js";
import { InputError } from "../../../../model/errors.js";

const NOW = 1_767_225_600;

function primitive(id: string): string {
  return `<primitive id="${id}" class="ocf" provider="pacemaker" type="Dummy"/>`;
}

function times(count: number, of: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => of(i)).join("");
}

/** As of a cluster that asks for no validation: what a schema would refuse is decided upon. */
function cibOf(resources: string, constraints = "", root = 'validate-with="none"'): string {
  const node = (i: number): string => `<node id="${i + 1}" uname="n${i + 1}"/>`;
  const state = (i: number): string =>
    `<node_state id="${i + 1}" uname="n${i + 1}" in_ccm="true" crmd="online" join="member" expected="member"/>`;
  return `<cib ${root} have-quorum="1" dc-uuid="1"><configuration><crm_config><cluster_property_set id="opts">
<nvpair id="opt1" name="stonith-enabled" value="false"/></cluster_property_set></crm_config>
<nodes>${times(2, node)}</nodes><resources>${resources}</resources><constraints>${constraints}</constraints>
</configuration><status>${times(2, state)}</status></cib>`;
}

function decide(text: string) {
  return scheduler.decide(readCib(text, "cib.xml"), { nowEpochSeconds: NOW });
}

describe("what is no CIB is an error that says where", () => {
  const whole = cibOf(primitive("a"));
  test.each([
    ["an empty file", "", /cib\.xml: empty file/],
    ["blanks", " \n ", /cib\.xml: empty file/],
    ["plain text", "hello", /cib\.xml: not XML/],
    [
      "binary junk",
      String.fromCharCode(
        ...times(400, (i) => `${(i * 7919) % 256} `)
          .split(" ")
          .map(Number),
      ),
      /cib\.xml/,
    ],
    ["a file that stops half-way", whole.slice(0, 300), /cib\.xml:\d+: truncated/],
    ["another document", "<html/>", /cib\.xml:1: not a CIB: the root element is "html"/],
    ["no configuration", "<cib/>", /cib\.xml:1: a CIB without a configuration/],
    [
      "a schema of the future",
      cibOf("", "", 'validate-with="pacemaker-9.0"'),
      /cib\.xml:1: unknown schema "pacemaker-9\.0"/,
    ],
    ["an entity bomb", `<!DOCTYPE a [<!ENTITY b "c">]>${whole}`, /cib\.xml:1: a document type declaration/],
    ["an entity nobody declared", whole.replace('id="a"', 'id="&b;"'), /cib\.xml:\d+: not well-formed/],
    ["elements without end", `<cib>${"<a>".repeat(5000)}`, /nest deeper than 200/],
  ])("%s", (_, text, message) => {
    expect(() => readCib(text, "cib.xml")).toThrow(InputError);
    expect(() => readCib(text, "cib.xml")).toThrow(message);
  });
});

describe("what a CIB should not hold is decided upon all the same", () => {
  test("constraints on what is not there are named", () => {
    const text = cibOf(
      primitive("a"),
      `<rsc_order id="o" first="a" then="x"/><rsc_colocation id="c" rsc="y" with-rsc="a"/>
<rsc_location id="l" rsc="z" node="n1" score="1"/><rsc_ticket id="t" rsc="q" ticket="T"/>`,
    );
    const { notModelled, actions } = decide(text);
    for (const missing of ["x", "y", "z", "q"]) {
      expect(notModelled.some((line) => line.includes(`"${missing}"`))).toBe(true);
    }
    expect(actions.some((a) => a.operation === "start" && a.resource === "a")).toBe(true);
  });

  test.each([
    ["collectives without members", '<group id="g"/><clone id="c"/><bundle id="b"/><bundle id="d"><docker/></bundle>'],
    ["elements without ids", "<primitive/><group/><clone/><bundle/><master/>"],
    ["ids given twice", `${primitive("a")}${primitive("a")}<group id="a">${primitive("a")}</group>`],
    [
      "a template of itself",
      '<template id="t" template="t"/><primitive id="p" template="t"/><primitive id="q" template="q"/>',
    ],
    [
      "sets that refer to themselves",
      '<primitive id="p" class="ocf" type="D"><meta_attributes id="m" id-ref="m"/></primitive>',
    ],
    [
      "ids that every object has",
      times(1, () => primitive("__proto__") + primitive("constructor") + primitive("toString")),
    ],
    [
      "a guest node in itself",
      primitive("a").replace(
        "/>",
        '><meta_attributes id="m"><nvpair id="n" name="remote-node" value="a"/></meta_attributes></primitive>',
      ),
    ],
  ])("%s", (_, resources) => {
    expect(decide(cibOf(resources)).actions.length).toBeGreaterThanOrEqual(0);
  });

  test("a pattern that would take for ever is not followed, and named", () => {
    const { notModelled } = decide(
      cibOf(primitive("a".repeat(40)), '<rsc_location id="l" rsc-pattern="^(a+)+$x" node="n1" score="1"/>'),
    );
    expect(notModelled.join()).toContain('pattern "^(a+)+$x"');
  });
});

describe("what is large is decided upon", () => {
  test("10,000 resources all start", () => {
    const { decision, after } = simulate(
      readCib(cibOf(times(10_000, (i) => primitive(`r${i}`))), "cib.xml"),
      scheduler,
      {
        nowEpochSeconds: NOW,
      },
    );
    expect(decision.actions.filter((a) => a.operation === "start")).toHaveLength(10_000);
    expect(after.resources.every((r) => r.runningOn.length === 1)).toBe(true);
  });

  test("a chain of 5,000 orders runs from its first to its last", () => {
    const orders = times(4_999, (i) => `<rsc_order id="o${i}" first="r${i}" then="r${i + 1}"/>`);
    const { executed } = simulate(
      readCib(
        cibOf(
          times(5_000, (i) => primitive(`r${i}`)),
          orders,
        ),
        "cib.xml",
      ),
      scheduler,
      {
        nowEpochSeconds: NOW,
      },
    );
    const starts = executed.filter((line) => line.includes(" start on ")).map((line) => /r(\d+) /.exec(line)![1]);
    expect(starts).toEqual(Array.from({ length: 5_000 }, (_, i) => String(i)));
  });

  test("a chain of 2,000 orders behind what is stopped starts nothing", () => {
    const stopped = primitive("r0").replace(
      "/>",
      '><meta_attributes id="m"><nvpair id="n" name="target-role" value="Stopped"/></meta_attributes></primitive>',
    );
    const orders = times(1_999, (i) => `<rsc_order id="o${i}" first="r${i}" then="r${i + 1}"/>`);
    const { actions } = decide(cibOf(stopped + times(1_999, (i) => primitive(`r${i + 1}`)), orders));
    expect(actions.filter((a) => a.operation === "start")).toEqual([]);
  });

  test.each([
    [
      "from its last",
      (i: number): string => `<rsc_colocation id="c${i}" rsc="r${i}" with-rsc="r${i + 1}" score="INFINITY"/>`,
    ],
    [
      "from its first",
      (i: number): string => `<rsc_colocation id="c${i}" rsc="r${i + 1}" with-rsc="r${i}" score="INFINITY"/>`,
    ],
  ])("a chain of 1,500 colocations assigned %s ends on one node", (_, colocation) => {
    const text = cibOf(
      times(1_500, (i) => primitive(`r${i}`)),
      times(1_499, colocation),
    );
    const { placements } = decide(text);
    expect(new Set(placements.map((p) => p.nextNode)).size).toBe(1);
  });

  test("a circle of orders and one of colocations come to an end", () => {
    const circle = (i: number): string =>
      `<rsc_order id="o${i}" first="r${i}" then="r${(i + 1) % 200}"/>` +
      `<rsc_colocation id="c${i}" rsc="r${i}" with-rsc="r${(i + 1) % 200}" score="INFINITY"/>`;
    expect(
      decide(
        cibOf(
          times(200, (i) => primitive(`r${i}`)),
          times(200, circle),
        ),
      ).placements,
    ).toHaveLength(200);
  });

  test("colocations of all with all are followed so far, and it is said", () => {
    const pair = (i: number, j: number): string =>
      i === j ? "" : `<rsc_colocation id="c${i}-${j}" rsc="r${i}" with-rsc="r${j}" score="10"/>`;
    const text = cibOf(
      times(30, (i) => primitive(`r${i}`)),
      times(30, (i) => times(30, (j) => pair(i, j))),
    );
    expect(decide(text).notModelled.join()).toContain("too many ways");
  });

  test("a machine that its history has in itself is fenced by nobody", () => {
    const history = (id: string, type: string, more = ""): string =>
      `<lrm_resource id="${id}" class="ocf" provider="pacemaker" type="${type}" ${more}><lrm_rsc_op id="${id}_last_0"
operation_key="${id}_start_0" operation="start" interval="0" call-id="5" rc-code="0" op-status="0"
transition-key="1:1:0:a" transition-magic="0:0;1:1:0:a"/></lrm_resource>`;
    const state = (id: string, more: string, histories: string): string =>
      `<node_state id="${id}" uname="${id}" ${more}><lrm id="${id}"><lrm_resources>${histories}</lrm_resources></lrm></node_state>`;
    const vm = `<primitive id="vm" class="ocf" provider="pacemaker" type="Dummy"><meta_attributes id="m"><nvpair id="r" name="remote-node" value="guest"/></meta_attributes></primitive>`;
    const status =
      state(
        "1",
        'in_ccm="false" crmd="offline" join="member" expected="member"',
        history("guest", "remote", 'container="vm"'),
      ) +
      state(
        "guest",
        'remote_node="true"',
        history("vm", "Dummy") +
          history("a", "Dummy").replaceAll("start", "stop").replace('rc-code="0"', 'rc-code="5"'),
      );
    const text = cibOf(vm + primitive("a"))
      .replace(/<status>.*<\/status>/, `<status>${status}</status>`)
      .replace('"false"/></cluster', '"true"/></cluster');
    expect(decide(text).placements.map((placed) => placed.instance)).toContain("vm");
  });

  test("a clone of a thousand million instances is cut short, and it is said", () => {
    const meta = '<meta_attributes id="m"><nvpair id="n" name="clone-max" value="1000000000"/></meta_attributes>';
    const { notModelled } = decide(cibOf(`<clone id="c">${meta}${primitive("p")}</clone>`));
    expect(notModelled.join()).toContain("of 1000000000 instances");
  });
});
