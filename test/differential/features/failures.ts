import fc from "fast-check";
import { all, make } from "../mutations/draft.js";
import { at, type Family, maybe } from "./subject.js";

/** Eleven years, and half a minute, before the decision. */
const LONG_AGO = "1400000100";
const JUST_NOW = "1767225570";

/** Failures that are forgotten in time, or were just counted; thresholds; and what follows from other operations'. */
export const failures: Family = fc
  .record({
    resources: fc.array(
      fc.record({
        timeout: maybe(1, ["60s", "20", "400000d", "0"]),
        threshold: maybe(2, ["1", "2", "INFINITY", "0"]),
        operation: maybe(1, ["start", "stop", "monitor", "promote", "demote"]),
        onFail: fc.constantFrom("ignore", "block", "stop", "restart", "standby", "fence"),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    counts: fc.array(
      fc.record({
        node: fc.nat(3),
        resource: fc.nat(7),
        operation: fc.constantFrom("monitor_10000", "start_0", "stop_0"),
        count: fc.constantFrom("1", "2", "INFINITY"),
        at: fc.constantFrom(LONG_AGO, JUST_NOW),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ resources, counts }) => (cib) => {
    for (const [i, primitive] of cib.primitives.entries()) {
      const { timeout, threshold, operation, onFail } = at(resources, i);
      if (timeout !== undefined) cib.meta(primitive, "failure-timeout", timeout);
      if (threshold !== undefined) cib.meta(primitive, "migration-threshold", threshold);
      if (operation === undefined) continue;
      let operations = all(primitive, ["operations"])[0];
      if (!operations) {
        operations = make("operations", {});
        primitive.children.push(operations);
      }
      const interval = operation === "monitor" ? "30s" : "0";
      const attrs = { id: cib.id("op"), name: operation, interval, "on-fail": onFail };
      operations.children.push(make("op", attrs));
    }
    for (const { node, resource, operation, count, at: instant } of counts) {
      const what = `${at(cib.primitives, resource).attrs["id"]}#${operation}`;
      cib.transient(node, `fail-count-${what}`, count);
      cib.transient(node, `last-failure-${what}`, instant);
    }
  });
