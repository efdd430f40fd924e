import { h } from "./dom.js";
import type { Key } from "./keys.js";

const NAMES: Readonly<Record<string, string>> = { " ": "space" };

type Told = Pick<Key, "keys" | "says">;

/** Every key and what it does, in a dialog that Escape closes: those of the page, and those of the view that is shown. */
export function showHelp(
  keys: readonly Told[],
  view: { readonly title: string; readonly keys?: readonly Told[] },
): void {
  const close = () => dialog.close();
  const list = (told: readonly Told[]) =>
    h(
      "dl",
      {},
      told.map(({ keys: pressed, says }) =>
        h(
          "div",
          {},
          h(
            "dt",
            {},
            pressed.map((key) => h("kbd", {}, NAMES[key] ?? key)),
          ),
          h("dd", {}, says),
        ),
      ),
    );
  const dialog = h(
    "dialog",
    { class: "help", "aria-labelledby": "help-title" },
    h("h2", { id: "help-title" }, "Keys"),
    list(keys),
    view.keys && [h("h3", {}, `In ${view.title}`), list(view.keys)],
    h(
      "p",
      { class: "quiet" },
      "Tab goes from one part to the next; arrow keys go within a table, a timeline or a picture; Enter chooses. The address bar always holds the moment: a link opens the same.",
    ),
    h("button", { onclick: close, autofocus: true }, "Close"),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
