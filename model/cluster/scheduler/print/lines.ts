/** How text is set out: with headings and bullets, or bare lines (crm_simulate without --text-fancy). */
export type TextStyle = "fancy" | "plain";

/** Text in crm_simulate's manner: headings and bulleted lines, two spaces a level; or the lines alone. */
export class Lines {
  /** Whether operations under way are told of. */
  readonly pending: boolean;
  readonly style: TextStyle;
  constructor({ pending = true, style = "fancy" }: { pending?: boolean; style?: TextStyle } = {}) {
    this.pending = pending;
    this.style = style;
  }

  private readonly text: string[] = [];

  add(level: number, line: string): void {
    this.text.push(this.style === "fancy" ? `${"  ".repeat(level)}* ${line}` : line);
  }

  /** A line that says what the lines below it are: left out where text is plain. */
  heading(level: number, line: string): void {
    if (this.style === "fancy") this.add(level, line);
  }

  /** A line as it is, at any style. */
  raw(line: string): void {
    this.text.push(line);
  }

  toString(): string {
    return this.text.length === 0 ? "" : `${this.text.join("\n")}\n`;
  }
}
