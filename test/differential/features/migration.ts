import fc from "fast-check";
import { parameterDigest } from "../../../model/cluster/cib/parameter-digest.js";
import { type Draft, make } from "../mutations/draft.js";
import { at, type Family, type Subject } from "./subject.js";

const NO_PARAMETERS = parameterDigest(new Map());
const KEY = "9:9:0:11111111-2222-3333-4444-555555555555";

/** How the half of a migration on one node ended, as its history tells; "none" where nothing is known of it. */
type Half = "succeeded" | "failed" | "pending" | "none";

const half = fc.constantFrom<Half>("succeeded", "failed", "pending", "none");

/** Resources that may be migrated live, and perhaps one whose migration was cut short somewhere. */
export const migration: Family = fc
  .record({
    may: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
    interrupted: fc.option(
      fc.record({
        resource: fc.nat(7),
        source: fc.nat(3),
        distance: fc.constantFrom(1, 2),
        to: half,
        from: half,
        stop: half,
      }),
      { nil: undefined },
    ),
  })
  .map(({ may, interrupted }) => (cib) => {
    for (const [i, primitive] of cib.primitives.entries()) {
      if (at(may, i)) cib.meta(primitive, "allow-migrate", "true");
    }
    if (!interrupted || cib.nodeStates.length < 2) return;
    const source = at(cib.nodeStates, interrupted.source);
    const target = at(cib.nodeStates, interrupted.source + interrupted.distance);
    if (source === target) return;
    const id = at(cib.primitives, interrupted.resource).attrs["id"]!;
    const between = { migrate_source: source.attrs["uname"]!, migrate_target: target.attrs["uname"]! };
    rememberInstead(cib, source, id, [
      ["start", "succeeded", {}],
      ["migrate_to", interrupted.to, between],
      ["stop", interrupted.stop, {}],
    ]);
    rememberInstead(cib, target, id, [["migrate_from", interrupted.from, between]]);
  });

type Remembered = readonly [operation: string, half: Half, more: Record<string, string>];

/** What a node remembers of a resource is these alone, in this order; each new result takes the place of a like one. */
function rememberInstead(cib: Subject, node: Draft, id: string, operations: readonly Remembered[]): void {
  const history = cib.history(node, id);
  if (!history) return;
  const entries = new Map<string, Draft>();
  for (const [i, [operation, how, more]] of operations.entries()) {
    if (how === "none") continue;
    const entry = entryOf(id, operation, how, 20 + i, more);
    entries.delete(entry.attrs["id"]!);
    entries.set(entry.attrs["id"]!, entry);
  }
  history.children = [...entries.values()];
}

function entryOf(id: string, operation: string, how: Half, call: number, more: Record<string, string>): Draft {
  const [status, rc] = how === "succeeded" ? ["0", "0"] : how === "failed" ? ["4", "1"] : ["-1", "193"];
  return make("lrm_rsc_op", {
    id: `${id}_${how === "failed" ? "last_failure" : "last"}_0`,
    operation_key: `${id}_${operation}_0`,
    operation,
    crm_feature_set: "3.16.1",
    "transition-key": KEY,
    "transition-magic": `${status}:${rc};${KEY}`,
    "call-id": how === "pending" ? "-1" : `${call}`,
    "rc-code": rc!,
    "op-status": status!,
    interval: "0",
    "last-rc-change": "1400000000",
    "op-digest": NO_PARAMETERS,
    ...more,
  });
}
