import { type Call, fail, ok, type Result, type ShellCommand } from "../command.js";
import { readOptions } from "../options.js";
import { powerVerb } from "../power.js";
import { isStackUnit, type UnitVerb, unitState, unitVerb } from "../units.js";

const VERBS: ReadonlySet<string> = new Set(["start", "stop", "restart", "reload", "try-restart", "reload-or-restart"]);

/** systemctl on nodes whose release has systemd. Source: systemctl(1). */
export const systemctl: ShellCommand = {
  names: ["systemctl"],
  interface: "Linux",
  run(call) {
    if (/^RHEL 6/.test(call.twin.topology.release.os ?? ""))
      return fail("bash: systemctl: command not found: this release has no systemd, use service and chkconfig", 127);
    const { flags, rest, unknown } = readOptions(call.args, {
      flags: ["-q --quiet", "--no-pager", "--now", "-l --full", "--no-block", "-a --all", "--no-legend", "--failed"],
      values: ["-n --lines", "-t --type", "-p --property"],
    });
    if (unknown !== undefined) return call.notModelled(`systemctl ${unknown}`);
    const [verb = "list-units", ...units] = rest;
    if (verb === "daemon-reload") return ok();
    if (verb === "reboot" || verb === "poweroff" || verb === "halt")
      return powerVerb(call, verb === "reboot" ? "reboot" : "off");
    if (flags.has("failed") || verb === "list-units") return listUnits(call, flags.has("failed"));
    return combined(units.map((unit) => one(call, verb, unit.replace(/\.service$/, ""), flags)));
  },
};

function combined(results: readonly Result[]): Result {
  return {
    stdout: results.map(({ stdout = "" }) => stdout).join(""),
    stderr: results.map(({ stderr = "" }) => stderr).join(""),
    exitCode: results.find(({ exitCode = 0 }) => exitCode !== 0)?.exitCode ?? 0,
  };
}

function one(call: Call, verb: string, unit: string, flags: ReadonlySet<string>): Result {
  const { twin, node } = call;
  const isKnown = twin.plant.units.has(node, unit) || isStackUnit(unit);
  if (!isKnown && ["status", "is-active"].includes(verb)) {
    if (verb === "is-active") return { stdout: flags.has("quiet") ? "" : "unknown\n", exitCode: 3 };
    return fail(`Unit ${unit}.service could not be found.`, 4);
  }
  if (!isKnown) return fail(`Failed to ${verb} ${unit}.service: Unit ${unit}.service not found.`, 5);
  const state = unitState(call, unit);
  const atBoot = isAtBoot(call, unit);
  switch (verb) {
    case "is-active":
      return { stdout: flags.has("quiet") ? "" : `${activeWord(state)}\n`, exitCode: state === "running" ? 0 : 3 };
    case "is-enabled":
      return { stdout: `${atBoot ? "enabled" : "disabled"}\n`, exitCode: atBoot ? 0 : 1 };
    case "is-failed":
      return { stdout: `${activeWord(state)}\n`, exitCode: state === "failed" ? 0 : 1 };
    case "status": {
      const mark =
        state === "running"
          ? "active (running)"
          : state === "failed"
            ? "failed (Result: exit-code)"
            : state === "stopped"
              ? "inactive (dead)"
              : `${activeWord(state)} (${state})`;
      return {
        stdout: `● ${unit}.service\n   Loaded: loaded (/usr/lib/systemd/system/${unit}.service; ${atBoot ? "enabled" : "disabled"})\n   Active: ${mark}\n`,
        exitCode: state === "running" ? 0 : 3,
      };
    }
    case "enable":
    case "disable":
      call.handle.act(node, `systemctl ${call.args.join(" ")}`, (instant) =>
        twin.plant.units.atBoot.set(instant, node, unit, verb === "enable"),
      );
      if (flags.has("now")) unitVerb(call, unit, verb === "enable" ? "start" : "stop");
      return ok();
    case "mask":
    case "unmask":
      return call.notModelled(`systemctl ${verb} ${unit}`);
    default:
      if (!VERBS.has(verb)) return call.notModelled(`systemctl ${verb}`);
      return unitVerb(call, unit, verb as UnitVerb)
        ? ok()
        : fail(`Job for ${unit}.service failed because the control process exited with error code.`, 1);
  }
}

function listUnits(call: Call, failedOnly: boolean): Result {
  const lines = call.twin.plant.units
    .list(call.node)
    .map((unit) => [unit, unitState(call, unit)] as const)
    .filter(([, state]) => (failedOnly ? state === "failed" : state !== "stopped"))
    .map(([unit, state]) => `${unit}.service loaded ${activeWord(state)} ${state} ${unit}`);
  return ok(
    `UNIT LOAD ACTIVE SUB DESCRIPTION\n${lines.map((line) => `${line}\n`).join("")}\n${lines.length} loaded units listed.\n`,
  );
}

function activeWord(state: string): string {
  if (state === "running" || state === "hung") return "active";
  if (state === "starting" || state === "loading") return "activating";
  if (state === "stopping") return "deactivating";
  return state === "failed" ? "failed" : "inactive";
}

function isAtBoot({ twin, read, node }: Call, unit: string): boolean {
  return unit === "pcsd" || twin.plant.units.atBoot.has(read, node, unit);
}
