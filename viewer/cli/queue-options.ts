import { Option } from "commander";
import { LEASE_MS } from "../../scenarios/explore/queue/queue-crew.js";
import { span } from "./option-values.js";

export function queueOption(): Option {
  return new Option("--queue <address>", "workers on a queue in Redis play: redis://HOST:PORT").env("FENCEPOST_QUEUE");
}

export function leaseOption(): Option {
  return new Option(
    "--lease <duration>",
    "a worker that was not heard of for so long is taken for dead, its work goes to another (default: 30s)",
  ).argParser(span);
}

/** A lease shorter than a second would be lost to a busy moment. */
export function leaseMsOf(given: number = LEASE_MS): number {
  return Math.max(1_000, given);
}
