import type { HopData } from "../../page/page-data.js";
import { momentText } from "../../text/duration.js";
import type { App } from "../app.js";
import type { RunView } from "../data/run-view.js";
import { lookOf } from "../data/tone.js";
import { chainList } from "./chain.js";
import { fill, h, name } from "./dom.js";
import { glyph } from "./glyph.js";
import type { Panel } from "./inspector.js";
import { momentButton } from "./things.js";

/** Why here, why not here: scores and their reasons for a resource, the hops of its path for a service. */
export const whyPanel: Panel = {
  id: "why",
  title: "Why here",
  applies: (_, view, thing) => resourceOf(view, thing) !== undefined || view.pathAt(thing, 0) !== undefined,
  draw(place, app, view, thing) {
    const resource = resourceOf(view, thing);
    if (resource) drawScores(place, app, view, resource);
    else drawPath(place, app, view, thing);
  },
};

interface Resource {
  readonly cluster: string;
  readonly id: string;
  readonly node: string | undefined;
}

function resourceOf(view: RunView, thing: string): Resource | undefined {
  if (!thing.startsWith("resource/")) return undefined;
  const rest = thing.slice("resource/".length);
  const slash = rest.indexOf("/");
  const cluster = view.cluster(rest.slice(0, slash));
  if (!cluster) return undefined;
  const at = rest.lastIndexOf("@");
  const node = at > 0 && cluster.nodes.includes(rest.slice(at + 1)) ? rest.slice(at + 1) : undefined;
  return { cluster: cluster.id, id: rest.slice(slash + 1, node === undefined ? undefined : at), node };
}

function scoreText(score: number | null | undefined): string {
  if (score === null || score === undefined) return "–";
  if (score >= 1_000_000) return "+∞";
  if (score <= -1_000_000) return "−∞";
  return String(score).replace("-", "−");
}

function drawScores(place: HTMLElement, app: App, view: RunView, { cluster, id, node }: Resource): void {
  const { at } = app.state;
  const decision = view.decisionAt(cluster, at);
  if (!decision) {
    fill(place, h("p", { class: "quiet" }, "No decision of this cluster is known at this moment."));
    return;
  }
  const parents = view.cluster(cluster)?.resources.find((one) => one.id === id)?.parents ?? [];
  const names = new Set([id, ...parents]);
  const isOurs = (instance: string) => names.has(instance.replace(/:\d+$/, ""));
  const rows = decision.scores.filter(({ instance }) => isOurs(instance));
  const reasons = decision.reasons.filter(({ instance }) => isOurs(instance));
  const nodes = node === undefined ? decision.nodes : [node, ...decision.nodes.filter((other) => other !== node)];
  fill(
    place,
    h(
      "p",
      {},
      decision.entry > 0 ? "Decided by " : "As it settled before the start, decided by ",
      name(decision.by),
      decision.entry > 0 && [" at ", momentButton(app, decision.atMs, momentText(decision.atMs))],
    ),
    h(
      "section",
      {},
      h("h3", {}, "Scores: the highest runs it"),
      h(
        "div",
        { class: "scroll", tabindex: 0, role: "region", "aria-label": "Scores by node" },
        h(
          "table",
          { class: "scores" },
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              h("th", { scope: "col" }, "instance"),
              nodes.map((one) => h("th", { scope: "col", class: one === node ? "is-here" : "" }, name(one))),
            ),
          ),
          h(
            "tbody",
            {},
            rows.map(({ instance, on }) => {
              const scores = nodes.map((one) => on[decision.nodes.indexOf(one)]);
              const best = Math.max(...scores.map((score) => score ?? Number.NEGATIVE_INFINITY));
              return h(
                "tr",
                {},
                h("th", { scope: "row" }, name(instance)),
                scores.map((score) =>
                  h("td", { class: `num ${score === best && best > -1_000_000 ? "is-best" : ""}` }, scoreText(score)),
                ),
              );
            }),
          ),
        ),
      ),
    ),
    h(
      "section",
      {},
      h("h3", {}, node === undefined ? "What made them" : `What made them on ${node}, and elsewhere`),
      reasons.length === 0
        ? h("p", { class: "quiet" }, "No constraint, stickiness or failure speaks for or against a node.")
        : h(
            "ul",
            { class: "reasons" },
            nodes.flatMap((one) =>
              reasons
                .filter((reason) => reason.node === one)
                .map((reason) =>
                  h(
                    "li",
                    {},
                    h("b", { class: "num" }, scoreText(reason.score)),
                    h(
                      "span",
                      {},
                      name(`${one}: ${reason.because}`),
                      reason.instance === id ? "" : h("small", {}, ` (${reason.instance})`),
                    ),
                  ),
                ),
            ),
          ),
    ),
    decision.entry > 0 &&
      h(
        "section",
        {},
        h("h3", {}, "What made it decide"),
        chainList(app, view.causes.backFrom(decision.entry), decision.entry),
      ),
  );
}

function drawPath(place: HTMLElement, app: App, view: RunView, thing: string): void {
  const found = view.pathAt(thing, app.state.at);
  if (!found) return;
  const { path, hops } = found;
  const failing = hops.findLast(({ ok }) => !ok);
  const cause = hops.findLast((hop) => !hop.ok && hop.cause > 0)?.cause ?? 0;
  fill(
    place,
    h(
      "p",
      { class: "state" },
      glyph(lookOf(path.state)),
      h("b", {}, path.state),
      path.failure !== undefined && ` (${path.failure})`,
      h(
        "span",
        { class: "quiet" },
        view.ground.paths.includes(path) ? " as at the start" : ` as at ${momentText(path.atMs)}`,
      ),
    ),
    failing && h("p", {}, "It fails at ", h("b", {}, name(failing.subject)), `: ${failing.text}`),
    h(
      "section",
      {},
      h("h3", {}, `The way, ${hops.length} hops`),
      h(
        "ol",
        { class: "hops" },
        collapsed(hops).map((hop) =>
          typeof hop === "string"
            ? h("li", { class: "quiet" }, glyph({ shape: "filled", tone: "good" }), hop)
            : h(
                "li",
                { class: hop.ok ? "ok" : hop === failing ? "failing root" : "failing" },
                glyph(hop.ok ? { shape: "filled", tone: "good" } : { shape: "cross", tone: "bad" }),
                h("button", { class: "plain", onclick: () => app.select(hop.subject) }, name(hop.subject)),
                h("small", {}, hop.text),
              ),
        ),
      ),
    ),
    cause > 0 &&
      view.causes.entry(cause) !== undefined &&
      h("section", {}, h("h3", {}, "Because"), chainList(app, view.causes.backFrom(cause), cause)),
  );
}

/** What only carries: told one by one it would bury the hops that decide. */
const CARRIERS = new Set(["link", "nic", "node", "switch"]);

/** The hops with runs of more than two carriers that carry told in one line. */
function collapsed(hops: readonly HopData[]): readonly (HopData | string)[] {
  const lines: (HopData | string)[] = [];
  let run: HopData[] = [];
  const flush = () => {
    if (run.length > 2) lines.push(`${run.length} links, switches and NICs carry, up to ${run.at(-1)!.subject}`);
    else lines.push(...run);
    run = [];
  };
  for (const hop of hops) {
    if (hop.ok && CARRIERS.has(hop.subject.slice(0, hop.subject.indexOf("/")))) run.push(hop);
    else {
      flush();
      lines.push(hop);
    }
  }
  flush();
  return lines;
}
