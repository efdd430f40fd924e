import { assign, setup } from "xstate";

/**
 * An address on a network and who holds it. `owner` is whoever announced it last: neighbours that heard it send their
 * frames there. Two holders are a duplicate, and whom a client reaches is luck. Neighbours with an entry that names
 * somebody else are data beside it.
 */
export type AddressEvent =
  | { type: "ADDRESS_ADDED"; node: string }
  | { type: "ADDRESS_REMOVED"; node: string }
  | { type: "ADDRESS_ANNOUNCED"; node: string };

export interface AddressContext {
  /** In the order in which they took it. */
  readonly holders: readonly string[];
  readonly owner: string | null;
}

const nodeOf = (event: AddressEvent) => event.node;

export const addressMachine = setup({
  types: { context: {} as AddressContext, events: {} as AddressEvent },
  guards: {
    holds: ({ context, event }) => context.holders.includes(nodeOf(event)),
    holdsAlone: ({ context, event }) => context.holders.length === 1 && context.holders[0] === nodeOf(event),
    leavesOne: ({ context, event }) => context.holders.length === 2 && context.holders.includes(nodeOf(event)),
  },
  actions: {
    addHolder: assign(({ context, event }) => ({ holders: [...context.holders, nodeOf(event)] })),
    removeHolder: assign(({ context, event }) => ({
      holders: context.holders.filter((holder) => holder !== nodeOf(event)),
    })),
    takeOwnership: assign(({ event }) => ({ owner: nodeOf(event) })),
  },
}).createMachine({
  id: "address",
  context: { holders: [], owner: null },
  initial: "absent",
  states: {
    absent: { on: { ADDRESS_ADDED: { target: "held", actions: "addHolder" } } },
    held: {
      on: {
        ADDRESS_ADDED: [{ guard: "holds" }, { target: "duplicate", actions: "addHolder" }],
        ADDRESS_REMOVED: { guard: "holdsAlone", target: "absent", actions: "removeHolder" },
        ADDRESS_ANNOUNCED: { guard: "holds", actions: "takeOwnership" },
      },
    },
    duplicate: {
      on: {
        ADDRESS_ADDED: [{ guard: "holds" }, { actions: "addHolder" }],
        ADDRESS_REMOVED: [
          { guard: "leavesOne", target: "held", actions: "removeHolder" },
          { guard: "holds", actions: "removeHolder" },
        ],
        ADDRESS_ANNOUNCED: { guard: "holds", actions: "takeOwnership" },
      },
    },
  },
});

/** Over three sample nodes: the machine treats all nodes alike. */
export const events: readonly AddressEvent[] = ["n1", "n2", "n3"].flatMap((node) => [
  { type: "ADDRESS_ADDED", node },
  { type: "ADDRESS_REMOVED", node },
  { type: "ADDRESS_ANNOUNCED", node },
]);
