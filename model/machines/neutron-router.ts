import { assign, setup } from "xstate";

/**
 * A Neutron router on its L3 agent's node: its namespace with addresses and NAT, and the metadata proxy in it. Like
 * the DHCP ports it stays when the agent's process ends.
 */
export const neutronRouter = setup({
  types: {
    context: {} as { readonly proxy: "none" | "running" | "dead" },
    events: {} as { type: "CONFIGURED"; metadata: boolean } | { type: "PROXY_DIED" } | { type: "NODE_LOST" },
  },
  actions: {
    configure: assign({
      proxy: ({ event }) => (event.type === "CONFIGURED" && event.metadata ? ("running" as const) : ("none" as const)),
    }),
    killProxy: assign({ proxy: ({ context }) => (context.proxy === "running" ? "dead" : context.proxy) }),
    clear: assign({ proxy: "none" }),
  },
}).createMachine({
  id: "neutron-router",
  context: { proxy: "none" },
  initial: "absent",
  states: {
    absent: { on: { CONFIGURED: { target: "routing", actions: "configure" } } },
    routing: { on: { CONFIGURED: { actions: "configure" }, PROXY_DIED: { actions: "killProxy" } } },
  },
  on: { NODE_LOST: { target: ".absent", actions: "clear" } },
});

export const events = [
  { type: "CONFIGURED", metadata: true },
  { type: "CONFIGURED", metadata: false },
  { type: "PROXY_DIED" },
  { type: "NODE_LOST" },
] as const;
