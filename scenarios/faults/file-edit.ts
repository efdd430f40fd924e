import { InputError } from "../../model/errors.js";
import type { Instant } from "../../model/kernel/index.js";
import type { Twin } from "../../model/twin/twin.js";

/** The text of a file on a node. Throws InputError naming the files that are there. */
export function textOn(instant: Instant, twin: Twin, node: string, path: string): string {
  const text = twin.files.read(instant, node, path);
  if (text !== undefined) return text;
  throw new InputError({
    file: `${node}:${path}`,
    line: 0,
    message: "no such file on the node",
    value: path,
    known: twin.files.list(instant, node),
    knownAs: "files",
  });
}

/** Puts a file back as the topology has it; a file that the topology does not have is removed. */
export function restoreFile(instant: Instant, twin: Twin, node: string, path: string): void {
  const original = twin.topology.nodes.get(node)?.files.get(path)?.text;
  if (original !== undefined) twin.files.write(instant, node, path, original);
  else twin.files.remove(instant, node, path);
}

/** Sets `key = value` in a section of an ini text: replaced where it stands, else added at the section's end. */
export function setIniKey(text: string, section: string, key: string, value: string): string {
  const lines = text.split("\n");
  let inSection = false;
  let lastOfSection = -1;
  for (const [i, line] of lines.entries()) {
    const header = /^\s*\[([^\]]*)\]/.exec(line);
    if (header) inSection = header[1]!.trim() === section;
    if (!inSection) continue;
    if (line.trim() !== "") lastOfSection = i;
    const setting = /^\s*([^#;=\s][^=]*?)\s*=/.exec(line);
    if (setting && setting[1] === key) {
      lines[i] = `${key} = ${value}`;
      return lines.join("\n");
    }
  }
  if (lastOfSection < 0) return `${text.replace(/\n*$/, "\n")}[${section}]\n${key} = ${value}\n`;
  lines.splice(lastOfSection + 1, 0, `${key} = ${value}`);
  return lines.join("\n");
}
