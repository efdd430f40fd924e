import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { InputError } from "../../model/errors.js";
import { topologyJsonSchema } from "../../model/topology/schema.js";
import { scenarioJsonSchema } from "../../scenarios/file/json-schema.js";
import { PEERS, VERSION } from "../../scenarios/version.js";
import { fixturesFolder } from "./topology-option.js";

const SCHEMAS = { "topology.schema.json": topologyJsonSchema, "scenario.schema.json": scenarioJsonSchema };

/**
 * `fencepost init`: the smallest topology that fails over, with its files, its scenarios and the editors' schemas, a test
 * with properties, and a workflow that runs all of it.
 */
export function registerInit(program: Command): void {
  program
    .command("init")
    .description("write a small topology with scenarios, a test and a GitHub workflow into a new folder, to start from")
    .argument("[folder]", "the folder, which must not hold anything yet", "fencepost")
    .action((folder: string) => {
      start(folder);
      const topology = join(folder, "topology.yaml");
      process.stdout.write(`${folder} holds a pair of nodes with one address. Try:\n\n`);
      process.stdout.write(`  fencepost run --topology ${topology}\n  fencepost why journey/visit\n\n`);
      process.stdout.write(
        `Its test (${join(folder, "survives.test.ts")}) runs with npm install and npm test there;\n`,
      );
      process.stdout.write(`${join(folder, ".github/workflows/fencepost.yml")} runs all of it on GitHub.\n`);
    });
}

/** Writes the whole folder beside its place and moves it there: nobody sees half of one. Throws InputError. */
function start(folder: string): void {
  const isEmptyFolder = () => statSync(folder).isDirectory() && readdirSync(folder).length === 0;
  if (existsSync(folder) && !isEmptyFolder())
    throw new InputError({ file: folder, line: 0, message: "there is something here already; name a new folder" });
  const beside = `${folder.replace(/\/+$/, "")}.${process.pid}.part`;
  try {
    mkdirSync(dirname(beside), { recursive: true });
    for (const part of ["minimal-pair", "template"]) cpSync(join(fixturesFolder(), part), beside, { recursive: true });
    writeFileSync(join(beside, "package.json"), `${JSON.stringify(manifest(folder), null, 2)}\n`);
    for (const [name, schema] of Object.entries(SCHEMAS))
      writeFileSync(join(beside, name), `${JSON.stringify(schema(), null, 2)}\n`);
    pointAt(join(beside, "topology.yaml"), "topology.schema.json");
    for (const name of readdirSync(join(beside, "scenarios")))
      pointAt(join(beside, "scenarios", name), relative("scenarios", "scenario.schema.json"));
    renameSync(beside, folder);
  } catch (error) {
    if (existsSync(beside)) rmSync(beside, { recursive: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new InputError({ file: folder, line: 0, message: `cannot be written: ${code}` });
  }
}

/** The packages that the test needs, and the commands that the workflow runs. */
function manifest(folder: string) {
  const name = basename(resolve(folder))
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-")
    .replace(/^-+/, "");
  return {
    name: `${name || "my"}-survives`,
    private: true,
    type: "module",
    scripts: {
      test: "vitest run",
      explore: "fencepost explore --topology topology.yaml --promise one-writer --promise exclusive-resource",
    },
    devDependencies: { ...PEERS, fencepost: `^${VERSION}` },
  };
}

/** The line by which editors find the schema. */
function pointAt(file: string, schema: string): void {
  const lines = readFileSync(file, "utf8").split("\n");
  if (lines[0]!.startsWith("# yaml-language-server:")) lines.shift();
  writeFileSync(file, `# yaml-language-server: $schema=${schema}\n${lines.join("\n")}`);
}
