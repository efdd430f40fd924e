import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseDate } from "../../../../model/cluster/cib/dates.js";
import { readCib } from "../../../../model/cluster/cib/read.js";
import { writeCib } from "../../../../model/cluster/cib/write.js";
import { printDisabled, printStatus } from "../../../../model/cluster/scheduler/print/status.js";
import { inject } from "../../../../model/cluster/scheduler/simulate/inject.js";
import { parseOperationSpec } from "../../../../model/cluster/scheduler/simulate/operation-spec.js";
import { unpack } from "../../../../model/cluster/scheduler/unpack/unpack.js";
import { allCases, areCasesHere, fileOf, printedOf } from "../../../conformance-cases.js";

/** Cases whose current status is not right yet; the list may only shrink. */
const OPEN = new Set(["remote-fence-unclean-3"]);

describe.skipIf(!areCasesHere())("the conformance cases", () => {
  test("the current status is Pacemaker's, in the same words", () => {
    const wrong: string[] = [];
    for (const { name, date } of allCases()) {
      const cib = readCib(readFileSync(fileOf(name), "utf8"), name);
      const expected = printedOf(name);
      const from = expected.indexOf("Current cluster status:");
      const wanted = expected.slice(from, expected.indexOf("Transition Summary:")).trimEnd();
      const header = /^\d+ of .*$/m.exec(expected.slice(0, from))?.[0] ?? "";
      const state = unpack(cib, date ? parseDate(date)! : Number(cib.attrs["execution-date"] ?? 1_790_000_000));
      const same = printStatus(state, "Current cluster status:").trimEnd() === wanted;
      if (!same || printDisabled(state).trimEnd() !== header) wrong.push(name);
    }
    expect(wrong.filter((name) => !OPEN.has(name))).toEqual([]);
  });

  test("a CIB that was written is read as the same CIB", () => {
    for (const { name } of allCases().filter((_, i) => i % 9 === 0)) {
      const cib = readCib(readFileSync(fileOf(name), "utf8"), name);
      const again = readCib(writeCib(cib), name);
      expect(again.status).toEqual(cib.status);
      expect(again.attrs).toEqual(cib.attrs);
    }
  });
});

const CIB = `<cib have-quorum="1" dc-uuid="1"><configuration><crm_config/><nodes><node id="1" uname="n1"/></nodes>
<resources><primitive id="web" class="ocf" provider="heartbeat" type="Dummy"/></resources><constraints/></configuration>
<status><node_state id="1" uname="n1" in_ccm="true" crmd="online" join="member" expected="member"/></status></cib>`;

describe("injections", () => {
  const cib = readCib(CIB, "cib.xml");
  const state = unpack(cib, 1000);

  test("a failed recurring monitor leaves its failure and counts it", () => {
    const spec = parseOperationSpec("web_monitor_10000@n1=7")!;
    const { cib: after, lines } = inject(cib, state, { operations: [spec] }, 1000);
    const node = after.status.nodes.get("n1")!;
    expect(node.attributes.get("fail-count-web#monitor_10000")).toBe("1");
    expect(node.resources.get("web")!.operations.map((o) => [o.id, o.rcCode])).toEqual([["web_last_failure_0", 7]]);
    expect(lines[1]).toBe("Injecting attribute fail-count-web#monitor_10000=value++ into /node_state '1'");
    expect(cib.status.nodes.get("n1")!.resources.size).toBe(0);
  });

  test("a node brought up that nobody knew becomes a member", () => {
    const { cib: after } = inject(cib, state, { nodeUp: ["n2"] }, 1000);
    expect(printStatus(unpack(after, 1000), "Current cluster status:")).toContain("Online: [ n1 n2 ]");
  });

  test("a node that fails is unclean", () => {
    const { cib: after } = inject(cib, state, { nodeFail: ["n1"] }, 1000);
    expect(printStatus(unpack(after, 1000), "Current cluster status:")).toContain("Node n1: UNCLEAN (offline)");
  });

  test("a specification without an exit code is none", () => {
    expect(parseOperationSpec("web_monitor_10000@n1")).toBeUndefined();
    expect(parseOperationSpec("my_web_migrate_to_0@n1=1")).toMatchObject({
      resource: "my_web",
      operation: "migrate_to",
    });
  });
});
