import type { Call, Result } from "./command.js";

/** An orderly shutdown or reboot of the node itself: the shell is gone with it. */
export function powerVerb({ handle, twin, read, node, name, args }: Call, then: "off" | "reboot"): Result {
  handle.act(node, `${name} ${args.join(" ")}`.trim(), (instant) => twin.hosts.shutdown(instant, node, then));
  // The command returns; init does the rest while the operator looks.
  handle.advanceUntil(() => !twin.hosts.isRunning(read, node), 1_000);
  return { stdout: "", exitCode: 0 };
}

/** At once, without an orderly shutdown (`reboot -f`). */
export function powerCut({ handle, twin, node, name, args }: Call, then: "off" | "reboot"): Result {
  handle.act(node, `${name} ${args.join(" ")}`, (instant) => {
    twin.hosts.powerOff(instant, node, `${name} ${args.join(" ")}`);
    if (then === "reboot") twin.hosts.powerOn(instant, node);
  });
  return { stdout: "", exitCode: 0 };
}
