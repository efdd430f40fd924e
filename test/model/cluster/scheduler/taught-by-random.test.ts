import { describe, expect, test } from "vitest";
import {
  absent,
  DOWN,
  decide,
  FENCE,
  graphOf,
  history,
  meta,
  NO_FENCING,
  operation,
  primitive,
  type Small,
  started,
} from "./small-cib.js";

const MONITOR = (id: string): string =>
  `<operations><op id="${id}-op" name="monitor" interval="10s" timeout="20s"/></operations>`;
/** Started, and found not to run by its monitor. */
const failed = (id: string): string => {
  const found = operation(id, "monitor", 7, 6)
    .replace(`${id}_last_0`, `${id}_monitor_10000`)
    .replace("_monitor_0", "_monitor_10000")
    .replace('interval="0"', 'interval="10000"')
    .replaceAll("1:1:7:", "1:1:0:")
    .replace("f2317cad3d54cec5d7d7aa7d0bf35cf8", "4811cef7f7f94e3a35a70be7916cb2fd");
  return history(id, operation(id, "start", 0, 5) + found);
};
const failedTo = (task: string, id: string): string =>
  history(id, operation(id, task, 1, 5).replaceAll("1:1:1:", "1:1:0:").replace("_last_0", "_last_failure_0"));
const clone = (id: string, inner: string, more = ""): string => `<clone id="${id}">${more}${inner}</clone>`;
const group = (id: string, ...members: string[]): string => `<group id="${id}">${members.join("")}</group>`;

describe("decisions on CIBs shrunk from random ones, each as crm_simulate 2.1.5 takes it", () => {
  test("a clone's failed instance is placed last, wherever the clone likes to be", () => {
    const text = decide({
      options: NO_FENCING,
      resources: clone("c", primitive("p", MONITOR("p"))),
      constraints: '<rsc_location id="l" rsc="c" node="n1" score="100"/>',
      histories: { 1: failed("p"), 2: started("p") },
    });
    expect(text).toContain("Move p:1 ( n2 -> n1 )");
    expect(text).toContain("Recover p:0 ( n1 -> n2 )");
  });

  test("a cloned group that would rather be elsewhere stays where it was tried, beside another instance", () => {
    const text = decide({
      options: NO_FENCING,
      resources: clone("c", group("g", primitive("p", MONITOR("p")))),
      constraints: '<rsc_location id="l" rsc="c" node="n1" score="INFINITY"/>',
      histories: { 1: failed("p"), 2: started("p") },
    });
    expect(text).toContain("Move p:1 ( n2 -> n1 )");
    expect(text).toContain("Recover p:0 ( n1 )");
  });

  test("a clone that avoids another weakly asks the other's instances as they were placed: the failed one last", () => {
    const text = decide({
      options: NO_FENCING,
      resources: clone("a", primitive("p"), meta("a", "clone-max", "1")) + clone("b", primitive("q", MONITOR("q"))),
      constraints: '<rsc_colocation id="k" rsc="a" with-rsc="b" score="-50"/>',
      histories: { 1: started("p") + failed("q"), 2: started("p") + started("q") },
    });
    expect(text).toContain("Stop p:1 ( n2 ) due to node availability");
    expect(text).not.toContain("Move p");
  });

  test("an instance with a member whose stop failed takes the only place of a clone", () => {
    const text = decide({
      options: NO_FENCING,
      resources: clone(
        "c",
        group("g", primitive("p"), primitive("q", meta("q", "migration-threshold", "1"))),
        meta("c", "clone-max", "1"),
      ),
      histories: { 1: started("p") + started("q"), 2: absent("p") + failedTo("stop", "q") },
      attributes: { 1: { "fail-count-q#monitor_0": "1" } },
    });
    expect(text).toContain("Stop p:0 ( n1 ) due to node availability");
    expect(text).not.toContain("Move");
  });

  test("a one-way order whose first cannot start holds for a clone that runs already, as its notifications tell", () => {
    const failures = { "fail-count-a#start_0": "INFINITY", "fail-count-p#start_0": "INFINITY" };
    const only = `${meta("c", "notify", "true")}${meta("d", "clone-max", "1")}`;
    const text = decide({
      resources: primitive("a") + clone("c", group("g", primitive("p")), only) + FENCE,
      constraints: '<rsc_order id="o" first="a" then="c" kind="Mandatory" symmetrical="false"/>',
      histories: { 1: failedTo("start", "a") + failedTo("start", "p") },
      attributes: { 1: failures },
      states: { 2: DOWN },
    });
    expect(text).toContain("Pseudo action: c_pre_notify_start_0");
  });

  test("what is left alone and active twice has its group begin to start, and no more", () => {
    const small: Small = {
      options: NO_FENCING,
      resources: group("g", primitive("p"), primitive("q")) + FENCE,
      histories: { 1: absent("p") + started("q"), 2: started("p") + started("q") },
      attributes: { 1: { maintenance: "on" }, 2: { standby: "on" } },
    };
    const text = decide(small);
    expect(text).toContain("Pseudo action: g_start_0");
    expect(text).not.toContain("Pseudo action: g_running_0");
  });

  test("what restarts behind a member waits for the probe of that member, wherever it runs", () => {
    const lines = graphOf({
      options: NO_FENCING,
      resources: group("g", primitive("p"), primitive("q")),
      histories: { 1: started("q"), 2: absent("p") + started("q") },
    });
    expect(lines).toContain("rsc_op q_stop_0 on n1 after rsc_op p_monitor_0 on n1");
    expect(lines).toContain("rsc_op q_stop_0 on n2 after rsc_op p_monitor_0 on n1");
  });

  test("of two that must not be together, one starts without waiting for probes of the other elsewhere", () => {
    const lines = graphOf({
      options: NO_FENCING,
      resources: primitive("a") + primitive("b", MONITOR("b")),
      constraints: '<rsc_colocation id="k" rsc="a" with-rsc="b" score="-INFINITY"/>',
      histories: { 1: started("a") + failed("b") },
      attributes: { 2: { standby: "on" } },
    });
    expect(lines).toContain("rsc_op a_monitor_0 on n2");
    expect(lines).not.toContain("rsc_op b_start_0 on n1 after rsc_op a_monitor_0 on n2");
  });
});
