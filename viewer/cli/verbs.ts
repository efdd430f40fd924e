import type { Command } from "commander";

/** Each verb with what registers its command. Loaded when asked for: `--version` need not read the whole twin. */
const VERBS: ReadonlyMap<string, (program: Command) => Promise<void>> = new Map([
  ["run", async (program) => (await import("./run.js")).registerRun(program)],
  ["shell", async (program) => (await import("./shell.js")).registerShell(program)],
  ["runbook", async (program) => (await import("./runbook.js")).registerRunbook(program)],
  ["why", async (program) => (await import("./why.js")).registerWhy(program)],
  ["replay", async (program) => (await import("./replay.js")).registerReplay(program)],
  ["validate", async (program) => (await import("./validate.js")).registerValidate(program)],
  ["recording", async (program) => (await import("./recording.js")).registerRecording(program)],
  ["simulate", async (program) => (await import("./simulate.js")).registerSimulate(program)],
  ["serve", async (program) => (await import("./serve.js")).registerServe(program)],
  ["explore", async (program) => (await import("./explore.js")).registerExplore(program)],
  ["merge", async (program) => (await import("./merge.js")).registerMerge(program)],
  ["availability", async (program) => (await import("./availability.js")).registerAvailability(program)],
  ["diff", async (program) => (await import("./diff.js")).registerDiff(program)],
  ["worker", async (program) => (await import("./worker.js")).registerWorker(program)],
  ["schema", async (program) => (await import("./schema.js")).registerSchema(program)],
  ["init", async (program) => (await import("./init.js")).registerInit(program)],
  ["completion", async (program) => (await import("./completion.js")).registerCompletion(program)],
]);

/** Registers the verb of that name; all of them where it is none, for the help and its suggestions. */
export async function registerVerbs(program: Command, name: string | undefined): Promise<void> {
  const one = name === undefined ? undefined : VERBS.get(name);
  for (const register of one ? [one] : VERBS.values()) await register(program);
}
