import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { importCib } from "../../../model/importers/cib.js";
import { expectedInstead } from "../../../model/importers/cib-values.js";
import { isProgramHere } from "../../real-things.js";
import { complaints } from "./programs.js";

const cib = (properties: Readonly<Record<string, string>>) =>
  `<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.7" epoch="1" num_updates="0" admin_epoch="0">
<configuration><crm_config><cluster_property_set id="s">
${Object.entries(properties)
  .map(([name, value]) => `<nvpair id="p-${name}" name="${name}" value="${value}"/>\n`)
  .join("")}
</cluster_property_set></crm_config><nodes/><resources>
<primitive id="A" class="ocf" provider="pacemaker" type="Dummy"><meta_attributes id="m">
<nvpair id="r" name="target-role" value="Stoped"/>
<nvpair id="i" name="is-managed" value="false"/>
</meta_attributes></primitive>
</resources><constraints/></configuration><status/></cib>`;

test("a value that means nothing to Pacemaker is unrecognised, with what it could be; one that does is modelled", () => {
  const { ledger } = importCib(cib({ "no-quorum-policy": "stopp" }), "cib.xml");
  const told = ledger.filter(({ text }) => text.startsWith("<nvpair")).map(({ status, reason }) => [status, reason]);
  expect(told).toEqual([
    ["unrecognised", "no value of no-quorum-policy; values: stop, freeze, ignore, demote, suicide"],
    ["unrecognised", "no value of target-role; values: Started, Stopped, Promoted, Unpromoted"],
    ["modelled", undefined],
  ]);
});

test("where any text is a value, none is refused", () => {
  expect(expectedInstead("property", "cluster-name", "maybe")).toBeUndefined();
  expect(expectedInstead("meta", "remote-node", "maybe")).toBeUndefined();
});

/** Of each kind one that the scheduler itself checks. */
const PROPERTIES = ["stonith-enabled", "no-quorum-policy", "stonith-action", "placement-strategy", "cluster-delay"];
const NUMBERS = ["batch-limit", "node-health-base"];
const VALUES = [
  ...[
    "maybe",
    "true",
    "TRUE",
    "on",
    "Yes",
    "n",
    "0",
    "1",
    "2",
    "-1",
    "+5",
    "stop",
    "Stop",
    "freeze",
    "suicide",
    "none",
  ],
  ...["reboot", "off", "poweroff", "balanced", "utilization", "default", "30", "30s", "30S", "10 s", "2min", "500ms"],
  ...["1h", "PT30S", "abc", "INFINITY", "-INFINITY", "infinity", ""],
];

describe.skipIf(!isProgramHere("crm_verify"))("values of cluster properties and what crm_verify says of them", () => {
  const folder = mkdtempSync(join(tmpdir(), "fencepost-values-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(VALUES)('"%s": the same properties refuse it', (value) => {
    const file = join(folder, "cib.xml");
    writeFileSync(file, cib(Object.fromEntries([...PROPERTIES, ...NUMBERS].map((name) => [name, value]))));
    const said = complaints("crm_verify", ["-V", "-x", file]);
    const isRefused = (name: string) => said.includes(`Using default value for cluster option '${name}'`);
    const refuses = (name: string) => expectedInstead("property", name, value) !== undefined;
    expect(PROPERTIES.filter(refuses)).toEqual(PROPERTIES.filter(isRefused));
    // It reads the number that a text begins with, and goes by it; the text is no number all the same.
    const isHalfRead = /^\d+\D/.test(value);
    expect(NUMBERS.filter(refuses)).toEqual(isHalfRead ? NUMBERS : NUMBERS.filter(isRefused));
  });
});
