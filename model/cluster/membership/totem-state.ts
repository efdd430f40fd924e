/** What one node's membership layer is in. Plain data; replaced as a whole. */
export interface TotemState {
  /** The members it agreed on with them, in node id order; undefined where the layer does not run. */
  readonly ring: readonly string[] | undefined;
  /** Which agreement: nodes with the same number hold the same ring. Numbers only grow. */
  readonly ringId: number;
}

export const TOTEM_DOWN: TotemState = Object.freeze({ ring: undefined, ringId: 0 });

/** History (how often rings were formed) is no part of a situation. */
export function totemKey(state: TotemState): unknown {
  return state.ring ?? null;
}
