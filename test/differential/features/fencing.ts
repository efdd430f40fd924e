import fc from "fast-check";
import { make, setPair } from "../mutations/draft.js";
import { type Family, maybe } from "./subject.js";

/** Devices in levels, for nodes by name, pattern or attribute; what fencing does, how much at a time, how late. */
export const fencing: Family = fc
  .record({
    levels: fc.array(
      fc.record({
        target: fc.constantFrom<(node: string) => Record<string, string>>(
          (target) => ({ target }),
          () => ({ "target-pattern": "n[12]" }),
          () => ({ "target-attribute": "rack", "target-value": "a" }),
        ),
        node: fc.nat(3),
        devices: fc.constantFrom("fencing", "fencing2", "fencing,fencing2"),
      }),
      { maxLength: 3 },
    ),
    unfences: fc.boolean(),
    action: maybe(2, ["off", "reboot"]),
    concurrent: maybe(1, ["true", "false"]),
    startup: maybe(3, ["false"]),
    delay: maybe(2, ["15", "60s"]),
  })
  .map(({ levels, unfences, action, concurrent, startup, delay }) => (cib) => {
    const second = make("primitive", { id: "fencing2", class: "stonith", type: "fence_dummy" });
    const resources = cib.configuration("resources");
    if (!resources.children.some((r) => r.attrs["id"] === "fencing2")) {
      if (unfences) cib.meta(second, "provides", "unfencing");
      resources.children.push(second);
    }
    const topology = cib.configuration("fencing-topology");
    for (const [i, { target, node, devices }] of levels.entries()) {
      const attrs = { id: cib.id("level"), index: `${i + 1}`, devices, ...target(cib.nodeName(node)) };
      topology.children.push(make("fencing-level", attrs));
    }
    const [first] = cib.nodes;
    setPair(first!, "instance_attributes", "rack", "a");
    if (action !== undefined) cib.option("stonith-action", action);
    if (concurrent !== undefined) cib.option("concurrent-fencing", concurrent);
    if (startup !== undefined) cib.option("startup-fencing", startup);
    if (delay !== undefined) cib.option("priority-fencing-delay", delay);
  });
