// What both README commands need first: the dependencies, as package-lock.json names them, and a build of the sources.
// Plain JavaScript with nothing but Node, because it runs on a fresh clone.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const installed = join(root, "node_modules", ".fencepost-installed");
const built = join(root, "dist", ".fencepost-built");

/** Runs a program in the project's folder with its output shown; returns its exit code. */
export function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
  if (error) {
    console.error(`${command}: ${error.message}`);
    return 1;
  }
  return status ?? 1;
}

/** Runs a program of a dependency by its package's own bin entry, without a shell. */
export function runBin(name, args, env) {
  return run(process.execPath, [join(root, "node_modules", ".bin", name), ...args], env);
}

/** Installs the dependencies unless node_modules already holds what the lock file names. */
export function install() {
  const lock = readFileSync(join(root, "package-lock.json"), "utf8");
  const present = existsSync(join(root, "node_modules", "xstate", "package.json"));
  if (present && existsSync(installed) && readFileSync(installed, "utf8") === lock) return;
  if (!present || existsSync(installed)) {
    console.error("installing dependencies …");
    const npm = process.env.npm_execpath;
    const code = npm
      ? run(process.execPath, [npm, "ci", "--no-fund", "--no-audit"])
      : run("npm", ["ci", "--no-fund", "--no-audit"]);
    if (code !== 0) process.exit(code);
  }
  writeFileSync(installed, lock);
}

/** Compiles the sources to dist/, the JSON Schemas and the browser's page with them, unless it is newer than all of them. */
export function build() {
  const newest = Math.max(
    ...["model", "scenarios", "viewer"].map((folder) => newestIn(join(root, folder))),
    statSync(join(root, "tsconfig.build.json")).mtimeMs,
  );
  if (existsSync(built) && statSync(built).mtimeMs > newest) return;
  console.error("building …");
  const code = runBin("tsc", ["-p", "tsconfig.build.json"]);
  if (code !== 0) process.exit(code);
  const schemas = run(process.execPath, [".ci/schemas.mjs"]);
  if (schemas !== 0) process.exit(schemas);
  const bundle = run(process.execPath, [".ci/bundle.mjs"]);
  if (bundle !== 0) process.exit(bundle);
  writeFileSync(built, "");
}

function newestIn(folder) {
  let newest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestIn(path) : statSync(path).mtimeMs);
  }
  return newest;
}
