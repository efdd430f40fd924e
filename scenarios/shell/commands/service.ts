import { type Call, fail, ok, type Result, type ShellCommand } from "../command.js";
import { isStackUnit, type UnitVerb, unitState, unitVerb } from "../units.js";

const VERBS: ReadonlySet<string> = new Set(["start", "stop", "restart", "reload", "condrestart"]);

/** service(8): init scripts by hand, outside the cluster's knowledge. */
export const service: ShellCommand = {
  names: ["service"],
  interface: "Linux",
  run(call) {
    const [unit, verb] = call.args;
    if (unit === "--status-all")
      return ok(
        call.twin.plant.units
          .list(call.node)
          .map((one) => statusLine(call, one).stdout ?? "")
          .join(""),
      );
    if (unit === undefined || verb === undefined)
      return fail("Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]");
    if (!call.twin.plant.units.has(call.node, unit) && !isStackUnit(unit)) return fail(`${unit}: unrecognized service`);
    if (verb === "status") return statusLine(call, unit);
    if (!VERBS.has(verb)) return call.notModelled(`service ${unit} ${verb}`);
    const lines =
      verb === "restart"
        ? ["Stopping", "Starting"]
        : [verb === "stop" ? "Stopping" : verb === "reload" ? "Reloading" : "Starting"];
    const isDone = unitVerb(call, unit, verb === "condrestart" ? "try-restart" : (verb as UnitVerb));
    return {
      stdout: lines
        .map(
          (word, i) => `${`${word} ${unit}: `.padEnd(60)}[${isDone || i < lines.length - 1 ? "  OK  " : "FAILED"}]\n`,
        )
        .join(""),
      exitCode: isDone ? 0 : 1,
    };
  },
};

function statusLine(call: Call, unit: string): Result {
  const state = unitState(call, unit);
  if (state === "running" || state === "hung" || state === "loading" || state === "stopping")
    return ok(`${unit} (pid  ${2_000 + ((unit.length * 37) % 900)}) is running...`);
  return {
    stdout: state === "failed" ? `${unit} dead but pid file exists\n` : `${unit} is stopped\n`,
    exitCode: state === "failed" ? 1 : 3,
  };
}
