import type { CibNote, XmlElement } from "./types.js";

export interface Upgraded {
  readonly attrs: Readonly<Record<string, string>>;
  readonly configuration: XmlElement;
}

export function upgradeConfiguration(
  root: XmlElement,
  configuration: XmlElement,
  _file: string,
  _notes: CibNote[],
): Upgraded {
  return { attrs: root.attrs, configuration };
}
