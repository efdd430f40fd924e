/** Text in crm_simulate's manner: bulleted lines, two spaces a level. */
export class Lines {
  /** Whether operations under way are told of. */
  readonly pending: boolean;
  constructor(pending = true) {
    this.pending = pending;
  }

  private readonly text: string[] = [];

  add(level: number, line: string): void {
    this.text.push(`${"  ".repeat(level)}* ${line}`);
  }

  /** A line as it is. */
  plain(line: string): void {
    this.text.push(line);
  }

  toString(): string {
    return this.text.length === 0 ? "" : `${this.text.join("\n")}\n`;
  }
}
