import type { Answer } from "../../../model/dataplane/answer.js";
import { type Call, fail, ok, type Result, type ShellCommand } from "../command.js";

const CLIENTS: Readonly<Record<string, { interface: string; port: number }>> = {
  keystone: { interface: "Keystone", port: 5000 },
  nova: { interface: "Nova", port: 8774 },
  neutron: { interface: "Neutron", port: 9696 },
  cinder: { interface: "Cinder", port: 8776 },
  glance: { interface: "Glance", port: 9292 },
  heat: { interface: "Heat", port: 8004 },
};

/** Havana's clients: whether their service answers, and the lists that the twin knows. Sources: their own help texts. */
export const openstackClients: readonly ShellCommand[] = Object.entries(CLIENTS).map(
  ([name, { interface: learnt, port }]) => ({
    names: [name],
    interface: learnt,
    run: (call) => client(call, port),
  }),
);

function client(call: Call, port: number): Result {
  const words = call.args.filter((arg) => !arg.startsWith("--"));
  const trouble = answers(call, 5000) ?? answers(call, port);
  const list = table(call, words[0] ?? "");
  if (
    list === undefined &&
    !/^(list|image-list|token-get|stack-list|volume-list|net-list|user-list|service-list)$/.test(words[0] ?? "")
  ) {
    const change = changed(call, words, trouble);
    if (change) return change;
    return call.notModelled(`${call.name} ${call.args.join(" ")}`);
  }
  if (trouble) return trouble;
  if (list !== undefined) return ok(list);
  if (words[0] === "token-get")
    return ok(tableText(["Property", "Value"], [["id", "0a1b2c3d4e5f60718293a4b5c6d7e8f9"]]));
  return ok(tableText(["ID", "Name"], []));
}

/** Asks the service behind its address on the load balancers (or where it listens); undefined where it answers. */
function answers(call: Call, port: number): Result | undefined {
  const { twin, read, node, handle } = call;
  const vip = [...twin.topology.virtualAddresses.values()].find(({ cluster }) =>
    [...twin.topology.clusters.get(cluster)!.nodes].some((one) => twin.topology.loadBalancers.has(one.node)),
  );
  if (!vip) return call.notModelled(`${call.name}: no load balancer's address is known`);
  const { answer } = twin.services.reach(read, node, vip.address, port);
  if (answer.grade === "ok" || answer.grade === "slow") return undefined;
  if (answer.failure === "timeout") handle.advance(60_000);
  return fail(failureText(answer, vip.address, port));
}

function failureText(answer: Answer, address: string, port: number): string {
  if (answer.status !== undefined) return `ERROR: ${answer.text} (HTTP ${answer.status})`;
  return `ERROR: Unable to establish connection to http://${address}:${port}/: ${answer.failure ?? answer.text}`;
}

function table(call: Call, verb: string): string | undefined {
  const { twin, read, name } = call;
  const { reports } = twin.services;
  const smiley = (up: boolean) => (up ? ":-)" : "xxx");
  const services = [...twin.topology.services.values()];
  if ((name === "nova" || name === "cinder") && verb === "service-list") {
    const rows = services
      .filter(
        ({ unit }) =>
          unit.startsWith(`openstack-${name}-`) &&
          !/api|proxy/.test(unit) &&
          unit !== "openstack-nova-consoleauth-proxy",
      )
      .map(({ id, unit, node }) => [
        unit.replace("openstack-", ""),
        node,
        "enabled",
        reports.isUp(read, id) && twin.plant.units.isRunning(read, node, unit) ? "up" : "down",
      ]);
    return tableText(["Binary", "Host", "Status", "State"], rows);
  }
  if (name === "neutron" && verb === "agent-list") {
    const rows = services
      .filter(({ role }) => ["dhcp-agent", "l3-agent", "l2-agent", "metadata-agent"].includes(role))
      .map(({ id, unit, node }) => [
        unit,
        node,
        smiley(reports.isUp(read, id) && twin.plant.units.isRunning(read, node, unit)),
        "True",
      ]);
    return tableText(["agent_type", "host", "alive", "admin_state_up"], rows);
  }
  if (name === "neutron" && verb === "net-list")
    return tableText(
      ["name"],
      [...twin.topology.neutron.networks.keys()].map((id) => [id]),
    );
  if (name === "nova" && verb === "list")
    return tableText(
      ["Name", "Status", "Networks"],
      [...twin.topology.guests.values()].map(({ id, network, address }) => [
        id,
        twin.services.guests.isUp(read, id) ? "ACTIVE" : "SHUTOFF",
        `${network}=${address}`,
      ]),
    );
  if (name === "glance" && verb === "image-list")
    return tableText(
      ["Name", "Disk Format", "Status"],
      [...twin.topology.images.values()].map(({ id, format }) => [id, format, "active"]),
    );
  return undefined;
}

/** `nova reboot GUEST`, `nova evacuate GUEST HOST`. */
function changed(call: Call, words: readonly string[], trouble: Result | undefined): Result | undefined {
  const { twin, handle, node, name } = call;
  const [verb, guest = "", host = ""] = words;
  if (name !== "nova" || !["reboot", "evacuate"].includes(verb ?? "")) return undefined;
  if (trouble) return trouble;
  if (!twin.topology.guests.has(guest)) return fail(`ERROR: No server with a name or ID of '${guest}' exists.`);
  if (verb === "evacuate" && !twin.topology.nodes.has(host)) return fail(`ERROR: Compute host ${host} not found.`);
  handle.act(node, `nova ${call.args.join(" ")}`, (instant) => {
    if (verb === "reboot") twin.services.guests.reboot(instant, guest);
    else twin.services.guests.evacuate(instant, guest, host);
  });
  return ok();
}

function tableText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((word, i) => Math.max(word.length, ...rows.map((row) => (row[i] ?? "").length)));
  const rule = `+${widths.map((width) => "-".repeat(width + 2)).join("+")}+\n`;
  const line = (cells: readonly string[]) =>
    `|${widths.map((width, i) => ` ${(cells[i] ?? "").padEnd(width)} `).join("|")}|\n`;
  return rule + line(head) + rule + rows.map(line).join("") + rule;
}

/** The one client that came later. */
export const openstack: ShellCommand = {
  names: ["openstack"],
  interface: "OpenStack client",
  run(call) {
    const isHavana = /^2013\./.test(call.twin.topology.release.openstack ?? "");
    if (isHavana)
      return fail(
        "bash: openstack: command not found: this release has keystone, nova, neutron, cinder, glance and heat",
        127,
      );
    return call.notModelled(`openstack ${call.args.join(" ")}`);
  },
};
