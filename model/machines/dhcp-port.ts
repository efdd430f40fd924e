import { assign, setup } from "xstate";

interface Port {
  /** 169.254.169.254 is on the port. */
  readonly metadataAddress: boolean;
  readonly proxy: "none" | "running" | "dead";
  readonly dnsmasq: "none" | "running" | "dead";
}
const bare: Port = { metadataAddress: false, proxy: "none", dnsmasq: "none" };

/**
 * What a DHCP agent has set up for one network on its node: the namespace with its port, dnsmasq, and with
 * `enable_isolated_metadata` the metadata address and the proxy on port 80. All of it lives on when the agent's own
 * process ends, and nothing mends it while the agent is away: Havana has no monitor for the processes it started, a
 * dead proxy comes back when the agent starts and synchronises.
 */
export const dhcpPort = setup({
  types: {
    context: {} as Port,
    events: {} as
      | { type: "CONFIGURED"; metadata: boolean }
      | { type: "UNPLUGGED" }
      | { type: "PROXY_DIED" }
      | { type: "DNSMASQ_DIED" }
      | { type: "NODE_LOST" },
  },
  actions: {
    configure: assign(({ context, event }) => {
      if (event.type !== "CONFIGURED") return context;
      const proxy = event.metadata ? "running" : context.proxy;
      return { metadataAddress: event.metadata, proxy, dnsmasq: "running" as const };
    }),
    killProxy: assign({ proxy: ({ context }) => (context.proxy === "running" ? "dead" : context.proxy) }),
    killDnsmasq: assign({ dnsmasq: ({ context }) => (context.dnsmasq === "running" ? "dead" : context.dnsmasq) }),
    clear: assign(() => bare),
  },
}).createMachine({
  id: "dhcp-port",
  context: bare,
  initial: "absent",
  states: {
    absent: { on: { CONFIGURED: { target: "plugged", actions: "configure" } } },
    plugged: {
      on: {
        CONFIGURED: { actions: "configure" },
        PROXY_DIED: { actions: "killProxy" },
        DNSMASQ_DIED: { actions: "killDnsmasq" },
      },
    },
  },
  on: {
    NODE_LOST: { target: ".absent", actions: "clear" },
    UNPLUGGED: { target: ".absent", actions: "clear" },
  },
});

export const events = [
  { type: "CONFIGURED", metadata: true },
  { type: "CONFIGURED", metadata: false },
  { type: "UNPLUGGED" },
  { type: "PROXY_DIED" },
  { type: "DNSMASQ_DIED" },
  { type: "NODE_LOST" },
] as const;
