import { availableParallelism } from "node:os";
import { type Command, Option } from "commander";
import { work } from "../../scenarios/explore/queue/worker.js";
import { VERSION } from "../../scenarios/version.js";
import { escapeTerminal } from "../text/markup.js";
import { span, threads } from "./option-values.js";
import { leaseMsOf, leaseOption, queueOption } from "./queue-options.js";
import { withSettings } from "./settings.js";
import { DEFAULT_TOPOLOGY, defaultTopology, topologyFrom } from "./topology-option.js";

interface WorkerFlags {
  readonly queue: string;
  readonly topology?: string;
  readonly threads?: number;
  readonly lease?: number;
  readonly idle?: number;
}

/** `fencepost worker --queue redis://…`: plays what explorations elsewhere put on a queue. */
export function registerWorker(program: Command): void {
  const command = program
    .command("worker")
    .description("play what fencepost explore --queue puts on a queue, on any number of machines")
    .addOption(queueOption().makeOptionMandatory())
    .addOption(
      new Option("-t, --topology <file>", `the topology that is explored (${DEFAULT_TOPOLOGY})`).env(
        "FENCEPOST_TOPOLOGY",
      ),
    )
    .addOption(
      new Option("--threads <n>", "how many units at a time (default: as many as there are cores)").argParser(threads),
    )
    .addOption(leaseOption())
    .addOption(
      new Option("--idle <duration>", "end where there was nothing to do for so long (default: wait on)").argParser(
        span,
      ),
    )
    .action(async ({ queue, topology, threads = availableParallelism(), lease, idle }: WorkerFlags) => {
      await work(topologyFrom(topology ?? defaultTopology()), {
        address: queue,
        version: VERSION,
        threads,
        leaseMs: leaseMsOf(lease),
        ...(idle !== undefined && { idleMs: idle }),
        onNotice: (text) => console.error(escapeTerminal(text)),
      });
    });
  withSettings(command);
}
