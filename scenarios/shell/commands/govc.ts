import { fail, ok, type ShellCommand } from "../command.js";

/** govc vm.power and vm.info: vCenter asked by its tool. vCenter must answer. Source: govc's usage. */
export const govc: ShellCommand = {
  names: ["govc"],
  interface: "vCenter",
  run(call) {
    const { twin, read, node, handle } = call;
    const controller = [...twin.topology.powerControllers.values()].find(({ kind }) => kind === "vcenter");
    const [verb, ...rest] = call.args;
    const name = rest.filter((arg) => !arg.startsWith("-")).at(-1);
    if (!controller) return fail("govc: specify an ESX or vCenter URL");
    if (!twin.power.answers(read, controller.id, node)) {
      handle.advance(30_000);
      return fail(`govc: Post "https://${controller.address}/sdk": dial tcp ${controller.address}:443: i/o timeout`);
    }
    const target = controller.targets.find(
      ({ plug, node: of }) => name === plug || name === of || plug.endsWith(`/${name}`),
    );
    if (!target) return fail(`govc: vm '${name}' not found`);
    const state = twin.hosts.state(read, target.node);
    if (verb === "vm.info")
      return ok(
        `Name:           ${target.node}\n  Path:         ${target.plug}\n  Power state:  ${state === "off" ? "poweredOff" : "poweredOn"}\n`,
      );
    if (verb !== "vm.power") return call.notModelled(`govc ${call.args.join(" ")}`);
    const has = (flag: string) => rest.includes(flag) || rest.includes(`${flag}=true`);
    const typed = `govc ${call.args.join(" ")}`;
    if (has("-on")) {
      if (state !== "off") return fail(`govc: *types.InvalidPowerState`);
      handle.act(node, typed, (instant) => twin.hosts.powerOn(instant, target.node));
      return ok(`Powering on VirtualMachine:${target.node}... OK`);
    }
    if (!has("-off") && !has("-reset")) return call.notModelled(typed);
    handle.act(node, typed, (instant) => {
      twin.hosts.powerOff(instant, target.node, "switched off in vCenter");
      if (has("-reset")) twin.hosts.powerOn(instant, target.node);
    });
    handle.advance(2_000);
    return ok(`Powering off VirtualMachine:${target.node}... OK`);
  },
};
