import { Argument, Command } from "commander";

/** What a shell completes after a verb: its options, and the words that its arguments and options choose from. */
interface Completion {
  readonly verb: string;
  readonly words: readonly string[];
}

const SHELLS = { bash, zsh };

/** `fencepost completion`: a script for the shell, made from the verbs and options that there are. */
export function registerCompletion(program: Command): void {
  program
    .command("completion")
    .description('print completion for a shell: eval "$(fencepost completion bash)"')
    .addArgument(new Argument("<shell>", "which shell").choices(Object.keys(SHELLS)))
    .action(async (shell: keyof typeof SHELLS) => {
      const whole = new Command("fencepost");
      const { registerVerbs } = await import("./verbs.js");
      await registerVerbs(whole, undefined);
      process.stdout.write(SHELLS[shell](completionsOf(whole)));
    });
}

function completionsOf(program: Command): readonly Completion[] {
  return program.commands.map((command) => ({
    verb: command.name(),
    words: [
      ...command.options.flatMap(({ long, short, argChoices = [] }) => [long ?? short ?? "", ...argChoices]),
      ...command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
    ],
  }));
}

function bash(completions: readonly Completion[]): string {
  const cases = completions.map(({ verb, words }) => `    ${verb}) words="${words.join(" ")}" ;;`);
  return `_fencepost() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${completions.map(({ verb }) => verb).join(" ")}" -- "$cur"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _fencepost fencepost
`;
}

function zsh(completions: readonly Completion[]): string {
  const cases = completions.map(({ verb, words }) => `    ${verb}) compadd -- ${words.join(" ")} ;;`);
  return `#compdef fencepost
_fencepost() {
  if (( CURRENT == 2 )); then
    compadd -- ${completions.map(({ verb }) => verb).join(" ")}
    return
  fi
  case "\${words[2]}" in
${cases.join("\n")}
  esac
  _files
}
compdef _fencepost fencepost
`;
}
