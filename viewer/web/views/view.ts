import type { App } from "../app.js";
import type { RunView } from "../data/run-view.js";
import type { State } from "../store.js";
import type { Key } from "../ui/keys.js";

/** One way to look at a run. Mounted once, told of runs and of changes of the state while it is shown. */
export interface View {
  readonly id: string;
  readonly title: string;
  /** Its key after `g`. */
  readonly key: string;
  /** Its own keys, for the help. */
  readonly keys?: readonly Pick<Key, "keys" | "says">[];
  /** Whether a run has anything to show here; always, unless said. */
  applies?(app: App): boolean;
  mount(place: HTMLElement, app: App): Mounted;
}

export interface Mounted {
  /** Another run is shown, or the same went on. */
  run(view: RunView): void;
  /** Something of the state changed. */
  update(state: State, changed: ReadonlySet<keyof State>): void;
  /** Keys that no one else took; true where it did something. */
  key?(event: KeyboardEvent): boolean;
  /** The picture to export, where there is one. */
  picture?(): SVGSVGElement | undefined;
}
