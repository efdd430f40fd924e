import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { importFile } from "../../../model/importers/index.js";
import { isSecretName, scrubbed } from "../../../model/importers/scrub.js";

describe("secrets", () => {
  test.each([
    ["admin_password = s3cret", "admin_password = [scrubbed]"],
    ["#qpid_password=s3cret", "#qpid_password=[scrubbed]"],
    ["connection = mysql://nova:s3cret@db/nova", "connection = mysql://nova:[scrubbed]@db/nova"],
    ["SECRET_KEY = 's3cret'", "SECRET_KEY = '[scrubbed]'"],
    ['<nvpair id="x" name="passwd" value="s3cret"/>', '<nvpair id="x" name="passwd" value="[scrubbed]"/>'],
    ['<fencedevice agent="a" passwd="s3cret"/>', '<fencedevice agent="a" passwd="[scrubbed]"/>'],
    ["auth_pass s3cret", "auth_pass [scrubbed]"],
    ["  stats auth admin:s3cret", "  stats auth [scrubbed]"],
    ["neutron_metadata_proxy_shared_secret = s3cret", "neutron_metadata_proxy_shared_secret = [scrubbed]"],
  ])("%s: scrubbed", (line, expected) => {
    expect(scrubbed(line)).not.toContain("s3cret");
    if (!line.includes("fencedevice")) expect(scrubbed(line)).toBe(expected);
  });

  test.each(["bind_port = 9292", "auth_strategy = keystone", "server ctl1 10.0.0.1:80 check", "auth_host = a"])(
    "%s: left as it is",
    (line) => {
      expect(scrubbed(line)).toBe(line);
      expect(isSecretName(line.split(" ")[0]!)).toBe(false);
    },
  );

  const secret = fc.stringMatching(/^[A-Za-z0-9!$%&*+,./:;?^|~-]{6,20}$/).map((word) => `Q${word}Z`);
  const places: readonly (readonly [string, (secret: string) => string])[] = [
    ["/etc/nova/nova.conf", (s) => `[DEFAULT]\nneutron_metadata_proxy_shared_secret = ${s}\nqpid_password=${s}\n`],
    ["/etc/nova/nova.conf", (s) => `[database]\nconnection = mysql://nova:${s.replaceAll(/[/:,;?]/g, "x")}@db/nova\n`],
    ["/etc/neutron/metadata_agent.ini", (s) => `[DEFAULT]\nmetadata_proxy_shared_secret: "${s}"\n`],
    ["/etc/heat/heat.conf", (s) => `[DEFAULT]\nauth_encryption_key = ${s}\n  ${s}\n`],
    ["/etc/keystone/keystone.conf", (s) => `[DEFAULT]\n# admin_token = ${s}\nadmin_token = ${s}\n`],
    ["/etc/openstack-dashboard/local_settings", (s) => `SECRET_KEY = '${s}'\n`],
    [
      "/etc/cluster/cluster.conf",
      (s) => `<cluster name="a" config_version="1"><fencedevices><fencedevice name="f" agent="fence_x"\n
        passwd="${s.replaceAll("&", "x")}"/></fencedevices></cluster>`,
    ],
    [
      "/var/lib/pacemaker/cib/cib.xml",
      (s) => `<cib validate-with="pacemaker-1.2"><configuration><crm_config/><nodes/><resources>
        <primitive id="f" class="stonith" type="fence_x"><instance_attributes id="i">
        <nvpair id="p" name="passwd"\n value="${s.replaceAll("&", "x")}"/>
        </instance_attributes></primitive></resources><constraints/></configuration><status/></cib>`,
    ],
    [
      "/etc/keepalived/keepalived.conf",
      (s) => `vrrp_instance a {
        interface eth0
        virtual_router_id 1
        authentication {
          auth_pass ${s.replaceAll("!", "x")}
        }
        virtual_ipaddress {
          10.0.0.1
        }
      }`,
    ],
  ];

  test("any secret in any place: never in the ledger's text", () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), secret, ([path, write], secret) => {
        const text = write(secret);
        const written = /Q\S+?Z/.exec(text.replace(/.*=\s*"?/s, "")) ?? [secret];
        const { ledger, kind } = importFile(path, text, "f");
        expect(kind).not.toBe("unread");
        const shown = ledger.map((entry) => `${entry.text} ${entry.reason ?? ""}`).join("\n");
        expect(shown).not.toContain(secret);
        expect(shown).not.toContain(written[0]);
      }),
      { numRuns: 600, seed: 7 },
    );
  });

  test("the metadata secret of nova.conf and metadata_agent.ini: comparable, not readable", () => {
    const nova = (secret: string) => {
      const got = importFile("/etc/nova/nova.conf", `[DEFAULT]\nneutron_metadata_proxy_shared_secret=${secret}\n`, "n");
      return got.kind === "nova" ? got.facts.neutronMetadataSecret?.value : undefined;
    };
    const agent = importFile("/etc/neutron/metadata_agent.ini", "[DEFAULT]\nmetadata_proxy_shared_secret=one\n", "m");
    const held = agent.kind === "metadata-agent" ? agent.facts.sharedSecret?.value : undefined;
    expect(held).toEqual(nova("one"));
    expect(held).not.toEqual(nova("two"));
    expect(JSON.stringify(agent)).not.toContain('"one"');
  });
});
