import { type Command, Option } from "commander";
import { type LedgerEntry, ledgerCounts } from "../../model/importers/ledger.js";
import type { Topology } from "../../model/topology/types.js";
import { escapeTerminal } from "../text/markup.js";
import { EXIT } from "./exit.js";
import { DEFAULT_TOPOLOGY, defaultTopology, topologyFrom } from "./topology-option.js";

/** `fencepost validate`: reads a topology and says what every line of its files counts for. */
export function registerValidate(program: Command): void {
  program
    .command("validate")
    .description("read a topology and the files it names; say what each line counts for")
    .argument("[topology]", `topology.yaml, or a bare CIB (${DEFAULT_TOPOLOGY})`)
    .addOption(new Option("--json", "the ledger as data"))
    .option("-v, --verbose", "list every line that is not modelled, with its reason")
    .action((file: string | undefined, options: { json?: boolean; verbose?: boolean }) => {
      const topology = topologyFrom(file ?? defaultTopology());
      process.stdout.write(options.json ? json(topology) : text(topology, options.verbose ?? false));
      process.exitCode = EXIT.pass;
    });
}

function json({ name, hash, ledger, assumptions }: Topology): string {
  return `${JSON.stringify({ version: 1, name, hash, counts: ledgerCounts(ledger), assumptions, ledger }, null, 2)}\n`;
}

function text(topology: Topology, verbose: boolean): string {
  const { ledger, nodes, clusters, services, journeys, guests } = topology;
  const lines = [
    `${topology.name}: ${count(nodes, "node")}, ${count(clusters, "cluster")}, ${count(services, "service")}, ${count(guests, "guest")}, ${count(journeys, "journey")}; hash ${topology.hash}`,
  ];
  const files = new Map<string, LedgerEntry[]>();
  for (const entry of ledger) {
    const list = files.get(entry.file);
    if (list) list.push(entry);
    else files.set(entry.file, [entry]);
  }
  const { modelled, ignored, "not-modelled": notModelled, unrecognised } = ledgerCounts(ledger);
  lines.push(
    `${files.size} files, ${ledger.length} lines: ${modelled} modelled, ${ignored} ignored on purpose, ${notModelled} known to matter and not modelled, ${unrecognised} unrecognised`,
  );
  for (const entry of ledger) {
    const shown = entry.status === "unrecognised" || (verbose && entry.status !== "modelled");
    if (shown)
      lines.push(
        `${entry.file}:${entry.line}: ${entry.status}: ${entry.text.trim()}${entry.reason ? `  (${entry.reason})` : ""}`,
      );
  }
  if (verbose)
    for (const assumption of topology.assumptions) lines.push(`assumed: ${assumption.text} (${assumption.source})`);
  else if (notModelled + ignored > 0) lines.push("-v lists the lines and the assumptions, with their reasons");
  return `${lines.map(escapeTerminal).join("\n")}\n`;
}

function count({ size }: { readonly size: number }, noun: string): string {
  return `${size} ${noun}${size === 1 ? "" : "s"}`;
}
