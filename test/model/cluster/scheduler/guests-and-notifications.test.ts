import { describe, expect, test } from "vitest";
import { readCib } from "../../../../model/cluster/cib/read.js";
import { scheduler } from "../../../../model/cluster/scheduler/index.js";
import { simulate } from "../../../../model/cluster/scheduler/simulate/simulate.js";

/** What Pacemaker 2.1.5 printed for the same CIBs is what is expected below. */
const NOW = 1_767_225_600;

function meta(id: string, pairs: Record<string, string>): string {
  const all = Object.entries(pairs).map(([k, v]) => `<nvpair id="${id}-${k}" name="${k}" value="${v}"/>`);
  return `<meta_attributes id="${id}-m">${all.join("")}</meta_attributes>`;
}

function dummy(id: string, inside = ""): string {
  return `<primitive id="${id}" class="ocf" provider="pacemaker" type="Dummy">${inside}</primitive>`;
}

function history(id: string, type: string, operation: string, rc: number): string {
  const agent = type === "fence_xvm" ? 'class="stonith"' : 'class="ocf" provider="pacemaker"';
  const key = `0:${rc};1:1:${rc}:12345678-1234-1234-1234-123456789012`;
  return `<lrm_resource id="${id}" type="${type}" ${agent}><lrm_rsc_op id="${id}_last_0" operation="${operation}"
operation_key="${id}_${operation}_0" transition-key="${key.slice(4)}" transition-magic="${key}" call-id="5" interval="0"
rc-code="${rc}" op-status="0" op-digest="f2317cad3d54cec5d7d7aa7d0bf35cf8"/></lrm_resource>`;
}

function member(id: number, histories: string, state = 'in_ccm="true" crmd="online" join="member"'): string {
  return `<node_state id="${id}" uname="n${id}" ${state} expected="member">
<lrm id="${id}"><lrm_resources>${histories}</lrm_resources></lrm></node_state>`;
}

function simulated(resources: string, constraints: string, status: string, members: number): string[] {
  const nodes = Array.from({ length: members }, (_, i) => `<node id="${i + 1}" uname="n${i + 1}"/>`).join("");
  const fence = '<primitive id="fence" class="stonith" type="fence_xvm"/>';
  const cib = `<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" have-quorum="1" dc-uuid="1"><configuration>
<crm_config/><nodes>${nodes}</nodes><resources>${resources}${fence}</resources><constraints>${constraints}</constraints>
</configuration><status>${status}</status></cib>`;
  const { text } = simulate(readCib(cib, "cib.xml"), scheduler, { nowEpochSeconds: NOW });
  return text.split("\n").map((line) => line.trim().replace(/\s+/g, " "));
}

describe("a lost node's instance that is stopped by fencing", () => {
  test("is told of to its peers as soon as the node is fenced", () => {
    const r = history("r", "Dummy", "start", 0);
    const lost = 'in_ccm="false" crmd="offline" join="member"';
    const status =
      member(1, r + history("fence", "fence_xvm", "start", 0)) +
      member(2, r + history("fence", "fence_xvm", "monitor", 7)) +
      member(3, r + history("fence", "fence_xvm", "monitor", 7), lost);
    const lines = simulated(`<clone id="c">${meta("c", { notify: "true" })}${dummy("r")}</clone>`, "", status, 3);
    expect(lines).toContain("* Fencing n3 (reboot)");
    expect(lines.indexOf("* Pseudo action: r_post_notify_stop_0")).toBeGreaterThan(
      lines.indexOf("* Fencing n3 (reboot)"),
    );
    expect(lines).toContain("* Pseudo action: r_notified_0");
    expect(lines.filter((line) => line === "* Resource action: r notify on n1")).toHaveLength(2);
  });
});

describe("a group with a member whose start cannot run", () => {
  const blocked = dummy("u", meta("u", { "is-managed": "false" }));
  const order = '<rsc_order id="o" first="u" then="b"/>';
  const together = '<rsc_colocation id="k" rsc="d" with-rsc="g" score="INFINITY"/>';
  const status = member(1, history("fence", "fence_xvm", "start", 0));

  test("does not keep back what is colocated with it while another member can start", () => {
    const group = `<group id="g">${dummy("a")}${dummy("b")}</group>`;
    const lines = simulated(blocked + group + dummy("d"), order + together, status, 1);
    expect(lines).toContain("* Start b ( n1 ) due to unrunnable u start (blocked)");
    expect(lines).toContain("* Start d ( n1 )");
    expect(lines).toContain("* Resource action: d start on n1");
  });

  test("nor when no member can, unlike a primitive", () => {
    const group = `<group id="g">${dummy("b")}</group>`;
    const ofGroup = simulated(blocked + group + dummy("d"), order + together, status, 1);
    expect(ofGroup).toContain("* Start d ( n1 )");
    const ofPrimitive = simulated(blocked + dummy("b") + dummy("d"), order + together.replace('"g"', '"b"'), status, 1);
    expect(ofPrimitive).toContain("* Start d ( n1 ) due to colocation with b (blocked)");
    expect(ofPrimitive).not.toContain("* Resource action: d start on n1");
  });
});

describe("a remote node that asks to be shut down", () => {
  test("loses its connection, and what runs there stops first", () => {
    const remote = '<primitive id="far" class="ocf" provider="pacemaker" type="remote"/>';
    const onlyFar = '<rsc_location id="l" rsc="r" node="n1" score="-INFINITY"/>';
    const attributes = `<transient_attributes id="far"><instance_attributes id="t">
<nvpair id="t-s" name="shutdown" value="1600000000"/></instance_attributes></transient_attributes>`;
    const status =
      member(1, history("far", "remote", "start", 0) + history("fence", "fence_xvm", "start", 0)) +
      `<node_state remote_node="true" id="far" uname="far">${attributes}<lrm id="far"><lrm_resources>
${history("r", "Dummy", "start", 0)}</lrm_resources></lrm></node_state>`;
    const lines = simulated(dummy("r") + remote, onlyFar, status, 1);
    expect(lines).toContain("* Stop far ( n1 ) due to node availability");
    expect(lines.indexOf("* Resource action: far stop on n1")).toBeGreaterThan(
      lines.indexOf("* Resource action: r stop on far"),
    );
    expect(lines).toContain("* Resource action: r stop on far");
  });
});
