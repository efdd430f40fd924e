import { expect, test } from "vitest";
import { readCib } from "../../../../model/cluster/cib/read.js";
import { scheduler } from "../../../../model/cluster/scheduler/index.js";
import { printDot } from "../../../../model/cluster/scheduler/print/dot.js";

const CIB = `<cib have-quorum="1" dc-uuid="1"><configuration><crm_config/>
<nodes><node id="1" uname="n1"/><node id="2" uname="n2"/></nodes>
<resources><primitive id="f" class="stonith" type="fence_dummy"/></resources><constraints/></configuration><status>
<node_state id="1" uname="n1" in_ccm="true" crmd="online" join="member" expected="member"/>
<node_state id="2" uname="n2" in_ccm="false" crmd="online" join="member" expected="member"/></status></cib>`;

test("a transition graph in DOT names a fencing by what is done to the node, and what waits for it", () => {
  const lines = printDot(scheduler.decide(readCib(CIB, "cib.xml"), { nowEpochSeconds: 0 })).split("\n");
  expect(lines).toContain(`"stonith 'reboot' n2" [ style=bold color="green" fontcolor="black"]`);
  expect(lines).toContain(`"stonith 'reboot' n2" -> "f_start_0 n1" [ style = bold]`);
});
