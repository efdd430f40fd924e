import { Bash, type Command, type CommandName, decodeBytesToUtf8, defineCommand, getCommandNames } from "just-bash";
import { draw, hashText } from "../../model/kernel/random.js";
import type { NodeId } from "../../model/twin/parts.js";
import { type Call, fail, type Result, type ShellCommand } from "./command.js";
import { shellCommands } from "./commands/index.js";
import { guestCommands } from "./guest/commands.js";
import { NodeFiles } from "./node-files.js";
import { commandNames, functionsOf } from "./script-names.js";
import { guestStore, nodeStore } from "./stores.js";
import { withTwinVariables } from "./twin-variables.js";
import type { WorldHandle } from "./world-handle.js";

/** What came of one command line. */
export interface Typed {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** What a shell of a node keeps from one command line to the next. */
interface ShellState {
  readonly bash: Bash;
  readonly files: NodeFiles;
  /** Names of what it can call. */
  readonly programs: ReadonlySet<string>;
  readonly fallbacks: Set<string>;
  readonly functions: Map<string, string>;
  env: Record<string, string>;
  cwd: string;
  exitCode: number;
}

/** Bounds for one command line, whoever wrote it. Reached, the line ends and the verdict is unknown. */
const LIMITS = {
  maxSourceBytes: 256 * 1024,
  maxExecDepth: 16,
  maxCallDepth: 50,
  maxCommandCount: 20_000,
  maxLoopIterations: 3_000,
  maxAwkIterations: 100_000,
  maxSedIterations: 100_000,
  maxOutputSize: 2 * 1024 * 1024,
  maxStringLength: 4 * 1024 * 1024,
  maxHeredocSize: 1024 * 1024,
  maxBraceExpansionResults: 10_000,
  maxGlobOperations: 50_000,
  maxTraversalEntries: 50_000,
  maxTraversalWork: 100_000,
  maxLiveBytes: 32 * 1024 * 1024,
  maxInputBytes: 32 * 1024 * 1024,
  maxExecutionTimeMs: 10_000,
};
const LIMIT_WORDS =
  /executionLimits|maximum .* (?:exceeded|reached)|limit exceeded|execution (?:was )?aborted|too many (?:commands|iterations)|deadline/i;
const SSH_DEPTH_MAX = 8;

/** Commands that the shell brings and that a node has; those that would leave the twin or are no part of a node are not. */
const BUNDLED = getCommandNames().filter(
  (name) => !/^(?:curl|wget|html-to-markdown|js-exec|node|python3?|sqlite3|xan|rg|yq)$/.test(name),
);

/**
 * The shells of a session, one a node, on one world. Working directory, variables, functions and the last exit code
 * stay from line to line, as in a real session. No real command runs and nothing outside the twin is read.
 */
export class Terminal {
  readonly handle: WorldHandle;
  readonly #shells = new Map<NodeId, ShellState>();
  readonly #seed: number;
  #drawn = 0;
  #depth = 0;

  constructor(handle: WorldHandle, seed = 1) {
    this.handle = handle;
    this.#seed = seed;
  }

  /** Types a command line (or a few that belong together) into a node's shell. */
  async type(node: NodeId, line: string): Promise<Typed> {
    const refused = this.#unreachable(node);
    if (refused) return refused;
    const shell = this.#shell(node);
    this.#addFallbacks(shell, line);
    const prelude = [...shell.functions.values(), `${TWIN} status ${shell.exitCode}`].join("\n");
    const result = await shell.bash.exec(`${prelude}\n${withTwinVariables(line)}`, {
      env: shell.env,
      cwd: shell.cwd,
      rawScript: true,
    });
    for (const [name, text] of functionsOf(line)) shell.functions.set(name, text);
    const { PWD, "?": _, OLDPWD: __, ...env } = result.env;
    shell.cwd = PWD ?? shell.cwd;
    shell.env = env;
    shell.exitCode = result.exitCode;
    if (LIMIT_WORDS.test(result.stderr))
      this.handle.bound ??= `a bound of the shell: ${result.stderr.trim().slice(0, 200)}`;
    if (!this.#runs(node)) {
      this.#shells.delete(node);
      const stderr = `${result.stderr}Connection to ${node} closed by remote host.\n`;
      return { stdout: result.stdout, stderr, exitCode: result.exitCode };
    }
    return { stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode };
  }

  /** Runs a script in a fresh shell of a node (ssh NODE 'script'); what it sets is gone with it. */
  async #runAside(node: NodeId, script: string, stdin: string): Promise<Required<Result>> {
    if (this.#depth >= SSH_DEPTH_MAX)
      return { stdout: "", stderr: "too many connections one inside another\n", exitCode: 255 };
    this.#depth++;
    try {
      const shell = this.#shell(node);
      this.#addFallbacks(shell, script);
      const { stdout, stderr, exitCode } = await shell.bash.exec(withTwinVariables(script), {
        env: environmentOf(node),
        replaceEnv: true,
        cwd: "/root",
        stdin,
        rawScript: true,
      });
      return { stdout, stderr, exitCode };
    } finally {
      this.#depth--;
    }
  }

  #unreachable(node: NodeId): Typed | undefined {
    const { twin, run } = this.handle;
    const guest = twin.topology.guests.get(node);
    if (guest && twin.topology.images.get(guest.image)!.os === "windows") {
      this.handle.say(`the shell of ${node}, a Windows guest`);
      return { stdout: "", stderr: `${node} is a Windows guest: its shell is not modelled\n`, exitCode: 127 };
    }
    if (this.#runs(node)) return undefined;
    const isSilent = !twin.topology.guests.has(node) && twin.hosts.state(run, node) === "frozen";
    this.handle.advance(isSilent ? 63_000 : 3_000);
    const why = isSilent ? "Connection timed out" : "No route to host";
    return { stdout: "", stderr: `ssh: connect to host ${node} port 22: ${why}\n`, exitCode: 255 };
  }

  /** A node executes; a guest is up with its address. */
  #runs(machine: NodeId): boolean {
    const { twin, run } = this.handle;
    return twin.topology.guests.has(machine)
      ? twin.services.guests.isUp(run, machine)
      : twin.hosts.isRunning(run, machine);
  }

  #shell(node: NodeId): ShellState {
    let shell = this.#shells.get(node);
    if (!shell) {
      const isGuest = this.handle.twin.topology.guests.has(node);
      const commands = isGuest ? guestCommands : shellCommands;
      const programs = new Set([...BUNDLED, ...commands.keys(), TWIN]);
      const store = isGuest ? guestStore(this.handle, node) : nodeStore(this.handle, node);
      const files = new NodeFiles(this.handle, store, programs);
      const env = environmentOf(node);
      const bash = new Bash({
        fs: files,
        env,
        cwd: "/root",
        commands: BUNDLED as CommandName[],
        customCommands: [
          defineCommand(TWIN, async ([name = "", value]) => this.#ask(name, value)),
          ...[...new Set(commands.values())].flatMap((one) => this.#registered(one, node, files)),
        ],
        executionLimits: LIMITS,
        processInfo: { pid: 4711, ppid: 4710, uid: 0, gid: 0 },
        sleep: async (ms) => void this.handle.advance(ms),
      });
      shell = { bash, files, programs, fallbacks: new Set(), functions: new Map(), env, cwd: "/root", exitCode: 0 };
      this.#shells.set(node, shell);
    }
    return shell;
  }

  #registered(command: ShellCommand, node: NodeId, files: NodeFiles): Command[] {
    return command.names.map((name) =>
      defineCommand(name, async (args, context) => {
        const { handle } = this;
        handle.uses(command.interface, name);
        const call: Call = {
          name,
          args,
          get stdin() {
            return decodeBytesToUtf8(context.stdin);
          },
          node,
          handle,
          twin: handle.twin,
          read: handle.run,
          files,
          cwd: context.cwd,
          env: context.env,
          exec: async (script, other, stdin = "") => {
            if (other !== undefined) return this.#runAside(other, script, stdin);
            const { stdout, stderr, exitCode } = await context.exec!(script, { cwd: context.cwd, stdin });
            return { stdout, stderr, exitCode };
          },
          original: async (rest) => (await context.origCommand?.([...rest])) ?? fail(`${name}: command not found`, 127),
          notModelled: (what) => {
            handle.say(what);
            return fail(`${name}: not modelled: ${what}`, 1);
          },
        };
        const { stdout = "", stderr = "", exitCode = stderr === "" ? 0 : 1 } = await command.run(call);
        return { stdout, stderr, exitCode };
      }),
    );
  }

  /** A command that nobody has: it says so when it is reached. */
  #addFallbacks(shell: ShellState, script: string): void {
    for (const name of commandNames(script)) {
      if (shell.programs.has(name) || shell.fallbacks.has(name) || shell.functions.has(name)) continue;
      if (!/^[\w.+-]+$/.test(name)) continue;
      shell.fallbacks.add(name);
      // The shell looks for a file of that name before it calls it.
      shell.files.addProgram(name);
      shell.bash.registerCommand(
        defineCommand(name, async () => {
          this.handle.say(`the command ${name}`);
          return { stdout: "", stderr: `${name}: this command is not modelled\n`, exitCode: 127 };
        }),
      );
    }
  }

  /** What a script's own words were turned into: the exit code of the line before, or one of the twin's variables. */
  #ask(name: string, argument: string | undefined): Required<Result> {
    if (name === "status") return { stdout: "", stderr: "", exitCode: Number(argument) };
    const value =
      name === "RANDOM" || name === "SRANDOM"
        ? Math.floor(draw(this.#seed, RANDOM_STREAM, this.#drawn++) * 32_768)
        : name === "SECONDS"
          ? Math.floor(this.handle.elapsedMs / 1000)
          : this.handle.epochSeconds;
    return { stdout: `${value}\n`, stderr: "", exitCode: 0 };
  }
}

/** The command behind `$RANDOM` and its like, and behind the first `$?` of a line. */
const TWIN = "__twin";
const RANDOM_STREAM = hashText("shell/random");

function environmentOf(node: NodeId): Record<string, string> {
  return {
    HOME: "/root",
    USER: "root",
    LOGNAME: "root",
    SHELL: "/bin/bash",
    HOSTNAME: node,
    LANG: "en_US.UTF-8",
    TERM: "xterm",
    PATH: "/usr/bin:/bin:/usr/sbin:/sbin",
  };
}
