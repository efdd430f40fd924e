/** What `h` takes: `class`, any attribute, and listeners as `on…`. Text is always text: nothing here reads markup. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined | ((event: never) => void)>>;
export type Child = Node | string | number | undefined | null | false;

const SVG = "http://www.w3.org/2000/svg";

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Child | readonly Child[])[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  assign(element, attributes);
  add(element, children);
  return element;
}

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Child | readonly Child[])[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  assign(element, attributes);
  add(element, children);
  return element;
}

export function assign(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value as (event: Event) => void);
    else if (value === undefined || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

export function fill(element: Element, ...children: (Child | readonly Child[])[]): void {
  element.replaceChildren();
  add(element, children);
}

function add(element: Element, children: readonly (Child | readonly Child[])[]): void {
  for (const child of children.flat() as Child[]) {
    if (child === undefined || child === null || child === false) continue;
    element.append(typeof child === "number" ? String(child) : child);
  }
}

const NAME_CHARACTERS = 300;

/** A name as a picture can carry it: bounded, on one line, and in its own direction. */
export function shortName(text: string, characters = NAME_CHARACTERS): string {
  const line = text.slice(0, characters * 4).replace(/\s+/g, " ");
  if (line.length <= characters) return line;
  const all = [...line];
  if (all.length <= characters) return line;
  const tail = Math.floor(characters / 3);
  return `${all.slice(0, characters - tail - 1).join("")}…${all.slice(-tail).join("")}`;
}

/** A name that came from somebody's file, in an element of its own direction. */
export function name(text: string, attributes: Attributes = {}): HTMLElement {
  return h("bdi", { ...attributes, ...(text.length > 60 && { title: shortName(text) }) }, shortName(text));
}
