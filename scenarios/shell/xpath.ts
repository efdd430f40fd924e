import type { XmlElement } from "../../model/cluster/cib/types.js";

interface Step {
  /** `//`: at any depth. */
  readonly deep: boolean;
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: string | undefined])[];
}

/**
 * The XPath that people give to cibadmin: `//primitive[@id='vip']/operations/op[@name="monitor" and @interval='10s']`,
 * `/cib/configuration`, `*` for any name. Undefined for anything beyond that.
 */
export function findByXpath(root: XmlElement, path: string): readonly XmlElement[] | undefined {
  const steps = stepsOf(path.trim());
  if (!steps) return undefined;
  let found: readonly XmlElement[] = [{ name: "", attrs: {}, children: [root], line: 0 }];
  for (const step of steps) {
    const candidates = found.flatMap((one) => (step.deep ? below(one) : one.children));
    found = [...new Set(candidates)].filter((one) => fits(one, step));
  }
  return found;
}

const STEP = /^(\/\/?)([\w-]+|\*)((?:\[[^\]]*\])*)/;
const ATTRIBUTE = /^@([\w-]+)(?:\s*=\s*(?:'([^']*)'|"([^"]*)"))?$/;

function stepsOf(path: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  let rest = path;
  while (rest !== "") {
    const step = STEP.exec(rest);
    if (!step) return undefined;
    const attributes: [string, string | undefined][] = [];
    for (const [, inner] of step[3]!.matchAll(/\[([^\]]*)\]/g))
      for (const part of inner!.split(/\s+and\s+/)) {
        const attribute = ATTRIBUTE.exec(part.trim());
        if (!attribute) return undefined;
        attributes.push([attribute[1]!, attribute[2] ?? attribute[3]]);
      }
    steps.push({ deep: step[1] === "//", name: step[2]!, attributes });
    rest = rest.slice(step[0].length);
  }
  return steps.length > 0 ? steps : undefined;
}

function fits({ name, attrs }: XmlElement, step: Step): boolean {
  return (
    (step.name === "*" || step.name === name) &&
    step.attributes.every(([key, value]) => (value === undefined ? key in attrs : attrs[key] === value))
  );
}

function below(element: XmlElement): XmlElement[] {
  return element.children.flatMap((child) => [child, ...below(child)]);
}
