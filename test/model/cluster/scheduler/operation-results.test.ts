import { describe, expect, test } from "vitest";
import { Both } from "../../../differential/decide-both.js";
import { isCi, isProgramHere } from "../../../real-things.js";
import { FENCE, meta, NO_FENCING, smallCib } from "./small-cib.js";

/** Every status that an executor reports and one that none does, some to a CIB; exit codes with and without a meaning. */
const STATUSES = [
  [-1, 0],
  [1, 2],
  [3, 4],
  [5, 6],
  [7, 8],
  [9, 10],
  [11, 12],
];
const EXIT_CODES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 189, 190, 191, 193, 198];

/** What is looked at, and what succeeded before it. */
const LOOKED_AT = [
  { what: "probe", operation: "monitor", intervalMs: 0, expected: 7, before: [] },
  { what: "start", operation: "start", intervalMs: 0, expected: 0, before: [] },
  { what: "stop", operation: "stop", intervalMs: 0, expected: 0, before: ["start"] },
  { what: "recurring monitor", operation: "monitor", intervalMs: 10_000, expected: 0, before: ["start"] },
  { what: "promote", operation: "promote", intervalMs: 0, expected: 0, before: ["start"] },
  { what: "demote", operation: "demote", intervalMs: 0, expected: 0, before: ["start", "promote"] },
] as const;

const OPERATIONS =
  '<op id="ID-10" name="monitor" interval="10s" role="Promoted"/><op id="ID-11" name="monitor" interval="11s"/>';
const KINDS: Readonly<Record<string, (id: string) => string>> = {
  primitive: (id) => stateful(id),
  "group's first member": (id) => `<group id="${id}-g">${stateful(id)}${stateful(`${id}-next`)}</group>`,
  "clone's instance": (id) => `<clone id="${id}-c">${stateful(id)}</clone>`,
  "promotable clone's instance": (id) =>
    `<clone id="${id}-c">${meta(`${id}-c`, "promotable", "true")}${stateful(id)}</clone>`,
};

function stateful(id: string): string {
  const operations = OPERATIONS.replaceAll("ID", id);
  return `<primitive id="${id}" class="ocf" provider="pacemaker" type="Stateful"><operations>${operations}</operations></primitive>`;
}

function result(
  id: string,
  operation: string,
  intervalMs: number,
  call: number,
  status: number,
  rc: number,
  expected: number,
) {
  const key = `1:1:${expected}:aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa`;
  return `<lrm_rsc_op id="${id}_${operation}_${intervalMs}" operation_key="${id}_${operation}_${intervalMs}" operation="${operation}" interval="${intervalMs}" call-id="${call}" rc-code="${rc}" op-status="${status}" transition-key="${key}" transition-magic="${status}:${rc};${key}" last-rc-change="1700000000"/>`;
}

/** On node n1 a resource for each status and exit code; its last operation ended so. */
function cibOf(
  kind: string,
  looked: (typeof LOOKED_AT)[number],
  statuses: readonly number[],
  fencing: boolean,
): string {
  const resources: string[] = fencing ? [FENCE] : [];
  const histories: string[] = [];
  for (const status of statuses)
    for (const rc of EXIT_CODES) {
      const id = `${status === -1 ? "pending" : `status${status}`}-rc${rc}`;
      resources.push(KINDS[kind]!(id));
      const before = looked.before.map((operation, at) => result(id, operation, 0, at + 1, 0, 0, 0));
      const call = status === -1 ? -1 : before.length + 1;
      const last = result(id, looked.operation, looked.intervalMs, call, status, rc, looked.expected);
      histories.push(
        `<lrm_resource id="${id}" class="ocf" provider="pacemaker" type="Stateful">${before.join("")}${last}</lrm_resource>`,
      );
    }
  return smallCib({
    resources: resources.join(""),
    histories: { 1: histories.join("") },
    ...(!fencing && { options: NO_FENCING }),
  });
}

describe.skipIf(!isProgramHere("crm_simulate"))("an operation's result", () => {
  const kinds = Object.keys(KINDS);
  describe.each(isCi ? kinds : kinds.slice(0, 1))("of a %s", (kind) => {
    test.each([true, false])(
      "is taken as Pacemaker takes it, with every status and exit code; fencing: %s",
      { timeout: 300_000 },
      async (fencing) => {
        const both = new Both({ graphs: true });
        try {
          for (const looked of LOOKED_AT)
            for (const statuses of STATUSES) {
              const found = await both.compare(cibOf(kind, looked, statuses, fencing));
              expect(found, `${looked.what} with status ${statuses.join(" or ")}`).toBeUndefined();
            }
          expect([...both.gaveUp]).toEqual([]);
        } finally {
          both.end();
        }
      },
    );
  });
});
