import type { App } from "../app.js";
import type { RunView } from "../data/run-view.js";
import { lookOf, placeLook } from "../data/tone.js";
import { fill, h, name, shortName } from "../ui/dom.js";
import { glyph } from "../ui/glyph.js";
import { thingChip } from "../ui/things.js";
import type { Mounted, View } from "./view.js";

const KEYS = [
  { keys: ["←", "→", "↑", "↓"], says: "from cell to cell of a cluster's table" },
  { keys: ["Enter"], says: "choose the resource on that node" },
];

/** Home: resources by nodes at the moment shown; who is out; what else is not as it was. */
export const placementView: View = { id: "placement", title: "Placement", key: "p", keys: KEYS, mount };

const CHIPS_MAX = 60;
/** So many are shown before a reader asks for all: the tables below are what this view is for. */
const CHIPS_FIRST = 10;
const CHIPS_FIRST_NARROW = 4;
const NARROW = "(max-width: 760px)";

interface Live {
  refresh(atMs: number): void;
}

function mount(place: HTMLElement, app: App): Mounted {
  const served = h("section", { class: "served", "aria-label": "Services and journeys" });
  const tables = h("div", { class: "matrices" });
  const changed = h("section", { class: "changed", "aria-label": "Not as it was at the start" });
  fill(place, h("div", { class: "pad" }, served, tables, changed, legend()));
  let live: Live[] = [];
  let view: RunView | undefined;
  const refresh = () => {
    for (const one of live) one.refresh(app.state.at);
    mark();
  };
  const mark = () => {
    for (const one of place.querySelectorAll(".is-selected")) one.classList.remove("is-selected");
    for (const one of place.querySelectorAll<HTMLElement>("[data-thing]"))
      if (one.dataset["thing"] === app.state.thing) one.classList.add("is-selected");
  };
  tables.addEventListener("keydown", (event) => moveBetweenCells(event, tables));
  return {
    run(next) {
      view = next;
      live = [servedStrip(served, next, app), changedStrip(changed, next, app)];
      const found = next.ground.clusters.map((cluster) => matrix(next, cluster, app));
      fill(
        tables,
        found.length > 0
          ? found.map(({ element }) => element)
          : h("p", { class: "quiet" }, "This page knows no clusters: it was made from traces alone."),
      );
      live.push(...found);
      refresh();
    },
    update(_, changes) {
      if (!view) return;
      if (changes.has("at")) refresh();
      else if (changes.has("thing")) mark();
    },
  };
}

function matrix(
  view: RunView,
  cluster: RunView["ground"]["clusters"][number],
  app: App,
): Live & { element: HTMLElement } {
  const cells: { refresh(atMs: number): void }[] = [];
  const head = cluster.nodes.map((node) => nodeHead(view, cluster.id, node, app, cells));
  let parent: string | undefined;
  const rows: HTMLElement[] = [];
  for (const resource of cluster.resources) {
    const outer = resource.parents.join(" in ");
    if (outer !== parent && outer !== "")
      rows.push(
        h("tr", { class: "group" }, h("th", { scope: "colgroup", colspan: cluster.nodes.length + 1 }, name(outer))),
      );
    parent = outer;
    const subject = `resource/${cluster.id}/${resource.id}`;
    const heading = h(
      "button",
      { class: "plain", "data-thing": subject, onclick: () => app.select(subject), title: resource.agent },
      name(resource.id),
    );
    rows.push(
      h(
        "tr",
        { class: outer === "" ? "" : "inner" },
        h("th", { scope: "row" }, heading),
        cluster.nodes.map((node) => placeCell(view, cluster.id, resource.id, node, app, cells)),
      ),
    );
  }
  const element = h(
    "section",
    { class: "matrix" },
    h(
      "h2",
      {},
      h("button", { class: "plain", onclick: () => app.select(`cluster/${cluster.id}`) }, "Cluster ", name(cluster.id)),
    ),
    h(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": `Resources by nodes, cluster ${cluster.id}` },
      h(
        "table",
        { class: "places" },
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "resource"), head)),
        h("tbody", {}, rows),
      ),
    ),
  );
  return {
    element,
    refresh(atMs) {
      for (const cell of cells) cell.refresh(atMs);
    },
  };
}

/** A node's column: its power, and what its cluster says of it. */
function nodeHead(view: RunView, cluster: string, node: string, app: App, cells: Live[]): HTMLElement {
  const subject = `node/${node}`;
  const button = h("button", { class: "node-head", "data-thing": subject, onclick: () => app.select(subject) });
  let shown = "";
  cells.push({
    refresh(atMs) {
      const state = view.stateAt(subject, atMs) ?? "unknown";
      const words = view.wordsAt(cluster, node, atMs);
      const fence = fenceAt(view, subject, atMs);
      const key = `${state} ${words.join()} ${fence}`;
      if (key === shown) return;
      shown = key;
      const said = [...words, ...(fence ? [fence] : [])];
      fill(
        button,
        glyph(lookOf(state)),
        h("span", {}, name(node)),
        h("small", {}, shortName([state === "up" ? "" : state, ...said].filter(Boolean).join(" · ") || "up", 120)),
      );
      button.classList.toggle("trouble", state !== "up" || said.some((word) => TROUBLE.test(word)));
    },
  });
  return h("th", { scope: "col" }, button);
}

const TROUBLE = /unclean|fenc|not a member|no quorum|cluster stopped/;

/** Being fenced, or just fenced: between the request and the node's being up again. */
function fenceAt(view: RunView, subject: string, atMs: number): string {
  const told = view.causes.of(subject).findLast((entry) => entry.kind === "fence" && entry.atMs <= atMs);
  if (!told) return "";
  if (told.what === "fence-requested") return "being fenced";
  if (told.what === "fenced") return view.stateAt(subject, atMs) === "up" ? "" : "fenced";
  return told.what;
}

function placeCell(
  view: RunView,
  cluster: string,
  resource: string,
  node: string,
  app: App,
  cells: Live[],
): HTMLElement {
  const subject = `resource/${cluster}/${resource}@${node}`;
  const button = h("button", {
    class: "place",
    "data-thing": subject,
    tabindex: -1,
    onclick: () => app.select(subject),
  });
  let shown = "";
  cells.push({
    refresh(atMs) {
      const pending = pendingAt(view, subject, atMs);
      const isUp = view.stateAt(`node/${node}`, atMs) === "up";
      const look =
        pending !== undefined
          ? ({ shape: "half", tone: "busy", text: pending } as const)
          : placeLook(
              view.placeAt(cluster, resource, node, atMs),
              isKeptOff(view, cluster, resource, node, atMs),
              isUp,
            );
      if (look.text === shown) return;
      shown = look.text;
      fill(button, glyph(look), h("span", { class: "word" }, look.text === "stopped" ? "" : look.text));
      button.className = `place ${look.tone} ${look.shape}`;
      button.setAttribute("aria-label", `${resource} on ${node}: ${look.text}`);
    },
  });
  return h("td", {}, button);
}

const WORDS: Readonly<Record<string, string>> = {
  start: "starting",
  stop: "stopping",
  promote: "promoting",
  demote: "demoting",
};

/** An operation is told when it ends, with how long it took: it was under way for as long before. */
function pendingAt(view: RunView, subject: string, atMs: number): string | undefined {
  for (const { kind, atMs: endMs, data } of view.causes.of(subject)) {
    if (kind !== "action" || endMs <= atMs) continue;
    const { operation, execTimeMs } = (data ?? {}) as { operation?: string; execTimeMs?: number };
    if (endMs - (execTimeMs ?? 0) > atMs) return undefined;
    return operation === undefined ? undefined : WORDS[operation];
  }
  return undefined;
}

/** A ban, or failures that count as one, as the last decision had them. */
function isKeptOff(view: RunView, cluster: string, resource: string, node: string, atMs: number): boolean {
  const decision = view.decisionAt(cluster, atMs);
  return (
    decision?.reasons.some(
      (reason) =>
        reason.score <= -1_000_000 && reason.node === node && reason.instance.replace(/:\d+$/, "") === resource,
    ) ?? false
  );
}

/** Who is out now: journeys and services, the troubled first in sight. */
function servedStrip(place: HTMLElement, view: RunView, app: App): Live {
  const names = view.served;
  /** Kinds of which a reader wants to see all. */
  const whole = new Set<string>();
  let shown = "";
  const strip: Live = {
    refresh(atMs) {
      const states = names.map((subject) => view.stateAt(subject, atMs) ?? "served");
      const key = states.join();
      if (key === shown) return;
      shown = key;
      const troubled = names
        .map((subject, i) => ({ subject, state: states[i]! }))
        .filter(({ state }) => state !== "served");
      troubled.sort((a, b) => Number(b.state === "not-served") - Number(a.state === "not-served"));
      const out = troubled.filter(({ state }) => state === "not-served").length;
      const headline =
        names.length === 0
          ? "No services are described"
          : out > 0
            ? `${out} of ${names.length} services and journeys out`
            : troubled.length > 0
              ? `All answer, ${troubled.length} in part or slowly`
              : `All ${names.length} services and journeys are served`;
      fill(
        place,
        h("h2", { class: out > 0 ? "bad" : "" }, glyph(lookOf(out > 0 ? "not-served" : "served")), headline),
        ["journey", "service"].map((kind) => {
          const those = troubled.filter(({ subject }) => subject.startsWith(`${kind}/`)).slice(0, CHIPS_MAX);
          if (those.length === 0) return undefined;
          const first = matchMedia(NARROW).matches ? CHIPS_FIRST_NARROW : CHIPS_FIRST;
          const more = whole.has(kind) || those.length <= first + 1 ? 0 : those.length - first;
          const chips = those
            .slice(0, those.length - more)
            .map(({ subject, state }) => h("li", {}, servedChip(app, subject, state)));
          const showAll = () => {
            whole.add(kind);
            shown = "";
            strip.refresh(app.state.at);
          };
          const all =
            more > 0 && h("li", {}, h("button", { class: "chip more", onclick: showAll }, `and ${more} more`));
          return h("div", { class: "kind-chips" }, h("h3", {}, `${kind}s`), h("ul", { class: "chips" }, chips, all));
        }),
      );
    },
  };
  return strip;
}

/** The headline says that they are out: a chip says no more than who. */
function servedChip(app: App, subject: string, state: string): HTMLElement {
  return thingChip(
    app,
    subject,
    state === "not-served" ? "" : state,
    undefined,
    subject.slice(subject.indexOf("/") + 1),
  );
}

/** What else changed: power, links, units, addresses. */
function changedStrip(place: HTMLElement, view: RunView, app: App): Live {
  let shown = "";
  return {
    refresh(atMs) {
      const found = view.changedAt(atMs).filter(({ subject }) => !/^(service|journey|resource)\//.test(subject));
      const key = found.map(({ subject, state }) => `${subject} ${state}`).join();
      if (key === shown && shown !== "") return;
      shown = key;
      const more = found.length - CHIPS_MAX;
      fill(
        place,
        h(
          "h2",
          {},
          found.length === 0
            ? "Everything else is as it was at the start"
            : `${found.length} other things are not as they were`,
        ),
        h(
          "ul",
          { class: "chips" },
          found.slice(0, CHIPS_MAX).map(({ subject, state, was }) => h("li", {}, thingChip(app, subject, state, was))),
          more > 0 && h("li", { class: "quiet" }, `and ${more} more`),
        ),
      );
    },
  };
}

function legend(): HTMLElement {
  const entry = (shape: Parameters<typeof glyph>[0]["shape"], tone: "good" | "bad" | "busy" | "idle", text: string) =>
    h("li", {}, glyph({ shape, tone }), text);
  return h(
    "ul",
    { class: "legend", "aria-label": "Legend" },
    entry("filled", "good", "started"),
    entry("diamond", "good", "promoted"),
    entry("ring", "good", "unpromoted"),
    entry("half", "busy", "changing"),
    entry("cross", "bad", "failed or lost"),
    entry("barred", "idle", "kept off (ban, failures)"),
    entry("dash", "idle", "stopped"),
  );
}

/** Arrow keys go from cell to cell; one cell of each table is in the tab order. */
function moveBetweenCells(event: KeyboardEvent, tables: HTMLElement): void {
  const by = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  const cell = (event.target as HTMLElement).closest("td");
  const table = cell?.closest("table");
  if (!by || !cell || !table || !tables.contains(table)) return;
  const rows = [...table.tBodies[0]!.rows].filter((row) => !row.classList.contains("group"));
  const row = rows.indexOf(cell.parentElement as HTMLTableRowElement);
  const next = rows[row + by[0]!]?.cells[cell.cellIndex + by[1]!]?.querySelector("button");
  if (!next) return;
  event.preventDefault();
  for (const one of table.querySelectorAll<HTMLElement>("td .place")) one.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
