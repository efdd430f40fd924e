import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { importFile } from "../../../model/importers/index.js";
import { isProgramHere } from "../../real-things.js";
import { complaints, exitCode } from "./programs.js";

const ROOT = join(process.cwd(), "fixtures/openstack-havana/files");

const FILES = (readdirSync(ROOT, { recursive: true }) as string[])
  .filter((file) => statSync(join(ROOT, file)).isFile())
  .sort();

/** files/GROUP/absolute/path */
function imported(file: string) {
  return importFile(file.slice(file.indexOf("/")), readFileSync(join(ROOT, file), "utf8"), file);
}

function named(file: string): string {
  return join(ROOT, file);
}

describe("the reference architecture's files", () => {
  test.each(FILES)("%s: some service reads it, no line is unrecognised, each ignored one has its reason", (file) => {
    const { kind, ledger } = imported(file);
    expect(kind).not.toBe("unread");
    expect(ledger.filter(({ status }) => status === "unrecognised")).toEqual([]);
    expect(ledger.filter(({ status, reason }) => status !== "modelled" && !reason)).toEqual([]);
  });

  test("secrets of all of them: in no ledger line", () => {
    const secrets = FILES.flatMap((file) => [...readFileSync(named(file), "utf8").matchAll(/Zk4[\w-]+/g)]).map(String);
    expect(secrets.length).toBeGreaterThan(20);
    const shown = FILES.flatMap((file) => imported(file).ledger.map(({ text }) => text)).join("\n");
    for (const secret of secrets) expect(shown).not.toContain(secret);
  });

  test("nova.conf and metadata_agent.ini: one secret", () => {
    const nova = imported("all-ctl/etc/nova/nova.conf");
    const agent = imported("net1/etc/neutron/metadata_agent.ini");
    if (nova.kind !== "nova" || agent.kind !== "metadata-agent") throw new Error("other kinds");
    expect(agent.facts.sharedSecret?.value).toEqual(nova.facts.neutronMetadataSecret?.value);
    expect(nova.facts.serviceNeutronMetadataProxy.value).toBe(true);
  });

  test("haproxy.cfg: every OpenStack port, checked each second on ctl1 to ctl3", () => {
    const haproxy = imported("all-lb/etc/haproxy/haproxy.cfg");
    if (haproxy.kind !== "haproxy") throw new Error("another kind");
    const balanced = haproxy.facts.proxies.filter(({ statsPage }) => !statsPage);
    expect(balanced.flatMap(({ binds }) => binds.map(({ port }) => port)).sort((a, b) => a - b)).toEqual([
      80, 5000, 6080, 8000, 8004, 8773, 8774, 8775, 8776, 8777, 9191, 9292, 9696, 35_357,
    ]);
    for (const { servers } of balanced) {
      expect(servers.map(({ name }) => name)).toEqual(["ctl1", "ctl2", "ctl3"]);
      for (const server of servers) expect(server).toMatchObject({ check: true, interMs: 1000, rise: 2, fall: 3 });
    }
  });

  const cibs = FILES.filter((file) => file.endsWith("cib.xml"));

  test.skipIf(!isProgramHere("crm_verify"))("crm_verify: no errors in any CIB", () => {
    expect(cibs).toHaveLength(4);
    // It warns of nodes that nobody has seen yet; what is wrong it calls errors.
    for (const file of cibs) {
      const said = complaints("crm_verify", ["-x", named(file)]);
      expect([file, said]).toEqual([file, expect.not.stringMatching(/Errors found|error/i)]);
    }
  });

  test.skipIf(!isProgramHere("haproxy"))("haproxy -c: accepts the load balancers' file", () => {
    expect(exitCode("haproxy", ["-c", "-q", "-f", named("all-lb/etc/haproxy/haproxy.cfg")])).toBe(0);
  });
});
