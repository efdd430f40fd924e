import type { RunbookStepData } from "../../page/runbook-data.js";
import { durationText, momentText } from "../../text/duration.js";
import { outageTexts } from "../../text/outages.js";
import type { App } from "../app.js";
import { stepAt, stepLook } from "../data/runbook-steps.js";
import { fill, h, name, shortName } from "./dom.js";
import { folded } from "./folded.js";
import { glyph } from "./glyph.js";
import type { Panel } from "./inspector.js";

const CHANGED_MAX = 4;
const OUTPUT_MAX = 4_000;

/** The steps of the runbook that was played, beside any view: where the operator is, what each did and what was wrong with it. */
export const runbookPanel: Panel = {
  id: "runbook",
  title: "Runbook",
  applies: (_app, view) => view.run.runbook !== undefined,
  draw(place, app, view) {
    const { because, steps, end } = view.run.runbook!;
    const now = stepAt(steps, app.state.at);
    fill(
      place,
      h("p", {}, name(because)),
      h(
        "ol",
        { class: "steps" },
        steps.map((step, i) => stepItem(app, step, i, now)),
      ),
      end.length > 0 &&
        h(
          "section",
          {},
          h("h3", {}, "What did not hold when it was done"),
          h(
            "ul",
            { class: "steps" },
            end.map(({ line, text }) => h("li", { class: "problem" }, name(`line ${line}: ${text}`))),
          ),
        ),
    );
  },
};

function stepItem(app: App, step: RunbookStepData, i: number, now: number): HTMLElement {
  const { fromMs, toMs, title, node, line, status, problems, notModelled, changed, commands, outagesMs } = step;
  const took = fromMs === undefined || toMs === undefined ? "not played" : durationText(toMs - fromMs);
  const felt = outageTexts(outagesMs);
  return h(
    "li",
    { class: i === now ? "is-now" : "", ...(i === now && { "aria-current": "step" }) },
    h(
      "button",
      {
        class: `step ${fromMs === undefined || fromMs > app.state.at ? "is-later" : ""}`,
        ...(fromMs === undefined
          ? { disabled: true }
          : { onclick: () => app.store.set({ at: fromMs, playing: false }) }),
      },
      glyph(stepLook(status)),
      h("span", {}, `${i + 1}. `, name(title)),
      h("small", { class: "num" }, took),
    ),
    h(
      "small",
      {},
      [
        node === "" ? "by hand" : node,
        `line ${line}`,
        status,
        ...(fromMs === undefined ? [] : [`at ${momentText(fromMs)}`]),
      ].join(" · "),
    ),
    problems.map((problem) => h("p", { class: "problem" }, name(`line ${problem.line}: ${problem.text}`))),
    notModelled.map((text) => h("p", { class: "problem" }, name(`not modelled: ${text}`))),
    felt.length > 0 && h("p", {}, `out: ${felt.join("; ")}`),
    changed.length > 0 && h("small", {}, name(shortName(changed.slice(0, CHANGED_MAX).join("; ")))),
    commands.length > 0 &&
      folded(`step ${i}`, `Step ${i + 1}: ${commands.length} ${commands.length === 1 ? "command" : "commands"}`, () =>
        commands.map(({ node: where, text, output, exitCode }) =>
          h(
            "code",
            { class: "typed", tabindex: 0 },
            `[root@${where} ~]# ${text}\n${output.slice(0, OUTPUT_MAX)}${exitCode === 0 ? "" : `\n(exit ${exitCode})`}`,
          ),
        ),
      ),
  );
}
