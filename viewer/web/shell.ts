import type { App } from "./app.js";
import type { RunView } from "./data/run-view.js";
import type { State } from "./store.js";
import { fill, h, name } from "./ui/dom.js";
import { copyLink, exportPicture } from "./ui/export.js";
import { showHelp } from "./ui/help.js";
import { icon } from "./ui/icons.js";
import type { Inspector } from "./ui/inspector.js";
import { isTyping, type Key, keyOf } from "./ui/keys.js";
import type { Transport } from "./ui/transport.js";
import { standingBadge } from "./views/runs.js";
import type { Mounted, View } from "./views/view.js";

/** The frame: the run shown and the views above, time below, what is selected at the side. */
export class Shell {
  readonly element: HTMLElement;
  readonly #app: App;
  readonly #views: readonly View[];
  readonly #main = h("main", { id: "main", tabindex: -1 });
  readonly #nav = h("nav", { "aria-label": "Views", class: "views" });
  readonly #run = h("div", { class: "run-title" });
  readonly #trouble = h("p", { class: "trouble-bar", role: "alert", hidden: true });
  readonly #said = h("p", { class: "said", role: "status" });
  readonly #transport: Transport;
  readonly #inspector: Inspector;
  #mounted: { readonly id: string; readonly mounted: Mounted } | undefined;
  #goes = false;

  constructor(app: App, views: readonly View[], transport: Transport, inspector: Inspector) {
    this.#app = app;
    this.#views = views;
    this.#transport = transport;
    this.#inspector = inspector;
    app.onTrouble = (text) => this.#tell(text);
    const button = (text: string | SVGElement, label: string, act: () => void) =>
      h("button", { class: "icon", "aria-label": label, title: label, onclick: act }, text);
    this.element = h(
      "div",
      { class: "shell" },
      h("a", { href: "#main", class: "skip", onclick: (event: Event) => this.#skip(event) }, "To the view"),
      h(
        "header",
        {},
        h("h1", {}, "Fencepost"),
        this.#run,
        h(
          "div",
          { class: "tools" },
          button(icon("link"), "Copy a link to this moment", () => void copyLink().then((text) => this.say(text))),
          button("SVG", "Export the picture as SVG", () => this.#export("svg")),
          button("PNG", "Export the picture as PNG", () => this.#export("png")),
          button(icon("theme"), "Light or dark", () => this.#theme()),
          button("?", "Keys and help", () => this.#help()),
        ),
      ),
      this.#nav,
      this.#trouble,
      h("div", { class: "middle" }, this.#main, inspector.element),
      transport.element,
      this.#said,
    );
    app.onRun((view) => this.#onRun(view));
    app.store.on((state, changed) => this.#onState(state, changed));
    addEventListener("keydown", (event) => this.#key(event));
    this.#drawNav();
    this.#mount(app.state.view);
    this.#applyTheme();
  }

  /** Told quietly, for screen readers and for eyes. */
  say(text: string): void {
    fill(this.#said, text);
    setTimeout(() => fill(this.#said), 4_000);
  }

  get keys(): readonly Key[] {
    const { store } = this.#app;
    return [
      { keys: [" ", "k"], says: "play or pause", do: () => this.#transport.toggle() },
      { keys: [".", "l"], says: "on to the next event", do: () => this.#transport.step(1) },
      { keys: [",", "j"], says: "back to the event before", do: () => this.#transport.step(-1) },
      { keys: ["]"], says: "faster", do: () => this.#transport.notch(1) },
      { keys: ["["], says: "slower", do: () => this.#transport.notch(-1) },
      { keys: ["Home"], says: "to the start", do: () => store.set({ at: 0, playing: false }) },
      {
        keys: ["End"],
        says: "to the end",
        do: () => store.set({ at: this.#app.shown?.run.endMs ?? 0, playing: false }),
      },
      { keys: ["n"], says: "to the next fault", do: () => this.#fault(1) },
      { keys: ["p"], says: "to the fault before", do: () => this.#fault(-1) },
      { keys: ["/"], says: "find or filter", do: () => this.#find() },
      { keys: ["t"], says: "light or dark", do: () => this.#theme() },
      { keys: ["c"], says: "copy a link to this moment", do: () => void copyLink().then((text) => this.say(text)) },
      { keys: ["Escape"], says: "let go of what is selected", do: () => store.set({ thing: "", entry: 0 }) },
      { keys: ["i"], says: "into what is told of the thing selected", do: () => this.#inspector.enter() },
      ...(this.#app.isLive ? [{ keys: ["b"], says: "break it: what can be done", do: () => this.#break() }] : []),
      { keys: ["?"], says: "this help", do: () => this.#help() },
      ...this.#shown().map((view) => ({
        keys: [`g ${view.key}`],
        says: `to ${view.title}`,
        do: () => store.set({ view: view.id }),
      })),
    ];
  }

  #shown(): readonly View[] {
    return this.#views.filter((view) => view.applies?.(this.#app) ?? true);
  }

  #onRun(view: RunView): void {
    const head = this.#app.headOf(this.#app.state.run);
    fill(
      this.#run,
      head && standingBadge(head.standing),
      h(
        "button",
        { class: "plain title", title: "Choose another run", onclick: () => this.#app.store.set({ view: "runs" }) },
        name(view.run.title),
      ),
    );
    document.title = `${view.run.title.slice(0, 80)} · Fencepost`;
    this.#trouble.hidden = true;
    this.#drawNav();
    this.#mounted?.mounted.run(view);
  }

  #onState(state: State, changed: ReadonlySet<keyof State>): void {
    if (changed.has("view")) this.#mount(state.view);
    else this.#mounted?.mounted.update(state, changed);
    if (changed.has("theme")) this.#applyTheme();
  }

  #mount(id: string): void {
    const shown = this.#shown();
    const view = shown.find((one) => one.id === id) ?? shown[0]!;
    this.#main.replaceChildren();
    this.#main.className = `view-${view.id}`;
    this.#main.setAttribute("aria-label", view.title);
    this.#mounted = { id: view.id, mounted: view.mount(this.#main, this.#app) };
    if (this.#app.shown) this.#mounted.mounted.run(this.#app.shown);
    this.#drawNav();
  }

  #drawNav(): void {
    fill(
      this.#nav,
      this.#shown().map((view) =>
        h(
          "button",
          {
            ...(view.id === this.#mounted?.id && { "aria-current": "page" }),
            title: `${view.title} (g ${view.key})`,
            onclick: () => this.#app.store.set({ view: view.id }),
          },
          view.title,
        ),
      ),
    );
    // In the next frame, when all is in place: to ask where it stands now would lay the page out once more.
    const current = this.#nav.querySelector("[aria-current]");
    requestAnimationFrame(() => current?.scrollIntoView({ block: "nearest", inline: "nearest" }));
  }

  #key(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    if (isTyping(event.target) && event.key !== "Escape") return;
    const pressed = this.#goes ? `g ${event.key}` : keyOf(event);
    this.#goes = !this.#goes && event.key === "g";
    if (this.#goes) return;
    // A focused button is pressed by space; a slider moves by Home and End.
    const target = event.target as HTMLElement;
    if (event.key === " " && target.closest("button, a, summary, [role=tab], [role=button]")) return;
    const found = this.keys.find(({ keys }) => keys.includes(pressed));
    if (found) {
      event.preventDefault();
      found.do();
    } else if (this.#mounted?.mounted.key?.(event)) event.preventDefault();
  }

  #fault(direction: 1 | -1): void {
    const view = this.#app.shown;
    if (!view) return;
    const { at, entry } = this.#app.state;
    const now = view.causes.entry(entry)?.atMs === at ? entry : direction === 1 ? -1 : Number.POSITIVE_INFINITY;
    const next =
      direction === 1
        ? view.faults.find((one) => one.atMs > at || (one.atMs === at && one.id > now))
        : view.faults.findLast((one) => one.atMs < at || (one.atMs === at && one.id < now));
    if (next) this.#app.store.set({ at: next.atMs, entry: next.id, thing: next.subject, playing: false });
  }

  #help(): void {
    showHelp(this.keys, this.#views.find(({ id }) => id === this.#mounted?.id)!);
  }

  #break(): void {
    this.#app.store.set({ panel: "break" });
    this.#inspector.enter();
  }

  #find(): void {
    this.#main.querySelector<HTMLInputElement>("input[type=search]")?.focus();
  }

  #skip(event: Event): void {
    event.preventDefault();
    this.#main.focus();
  }

  #theme(): void {
    const { theme } = this.#app.state;
    const isDark = theme === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
    this.#app.store.set({ theme: isDark ? "light" : "dark" });
  }

  #applyTheme(): void {
    const { theme } = this.#app.state;
    if (theme === "auto") document.documentElement.removeAttribute("data-theme");
    else document.documentElement.setAttribute("data-theme", theme);
  }

  #export(kind: "svg" | "png"): void {
    const picture = this.#mounted?.mounted.picture?.();
    if (!picture) this.say("This view is a table: choose Timeline, Topology or a life cycle for a picture");
    else
      void exportPicture(picture, kind, `${this.#app.state.run}-${this.#mounted!.id}`).then((text) => this.say(text));
  }

  #tell(text: string): void {
    fill(this.#trouble, text);
    this.#trouble.hidden = text === "";
  }
}
