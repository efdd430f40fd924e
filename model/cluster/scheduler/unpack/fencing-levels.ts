import { child } from "../../cib/xml.js";
import type { Unpacking } from "../state/unpacking.js";

/** Reads fencing-topology: which devices fence a target, level by level. */
export function unpackFencingLevels(unpacking: Unpacking): void {
  for (const e of child(unpacking.configuration, "fencing-topology")?.children ?? []) {
    if (e.name !== "fencing-level") continue;
    const a = e.attrs;
    unpacking.state.fencingLevels.push({
      id: a["id"] ?? "",
      index: Number.parseInt(a["index"] ?? "", 10) || 0,
      target: a["target"],
      targetPattern: a["target-pattern"],
      targetAttribute: a["target-attribute"],
      targetValue: a["target-value"],
      devices: (a["devices"] ?? "")
        .split(",")
        .map((d) => d.trim())
        .filter((d) => d !== ""),
    });
  }
}
