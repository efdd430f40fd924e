import { setup } from "xstate";

/**
 * A guest and its cloud-init. A guest runs as long as its compute node does, whatever happens to the control plane.
 * At boot it asks for a lease, then (Ec2 data source) for its metadata, again and again for 120 s; without it the boot
 * goes on and the guest stays as its image was made: no key, no user data, no host name.
 */
export const guest = setup({
  types: {
    events: {} as
      | { type: "BOOTED" }
      | { type: "LEASE_OBTAINED" }
      | { type: "LEASE_REFUSED" }
      | { type: "LEASE_EXPIRED" }
      | { type: "METADATA_OBTAINED" }
      | { type: "METADATA_GIVEN_UP" }
      | { type: "METADATA_NOT_ASKED" }
      | { type: "SHUT_DOWN" }
      | { type: "NODE_LOST" },
  },
}).createMachine({
  id: "guest",
  initial: "off",
  states: {
    off: { on: { BOOTED: "asking-lease" } },
    "asking-lease": { on: { LEASE_OBTAINED: "asking-metadata", LEASE_REFUSED: "without-address" } },
    "asking-metadata": {
      on: {
        METADATA_OBTAINED: "configured",
        METADATA_GIVEN_UP: "without-metadata",
        METADATA_NOT_ASKED: "configured",
      },
    },
    configured: { on: { LEASE_EXPIRED: "address-expired" } },
    "without-metadata": { on: { LEASE_EXPIRED: "without-address" } },
    /** Renewed for a whole lease by nobody: up, and unreachable until a DHCP server answers. */
    "address-expired": { on: { LEASE_OBTAINED: "configured" } },
    /** No DHCP answer: up, unreachable, and cloud-init has nobody to ask. */
    "without-address": { on: { LEASE_OBTAINED: "without-metadata" } },
  },
  on: { NODE_LOST: ".off", SHUT_DOWN: ".off", BOOTED: ".asking-lease" },
});

export const events = [
  { type: "BOOTED" },
  { type: "LEASE_OBTAINED" },
  { type: "LEASE_REFUSED" },
  { type: "LEASE_EXPIRED" },
  { type: "METADATA_OBTAINED" },
  { type: "METADATA_GIVEN_UP" },
  { type: "METADATA_NOT_ASKED" },
  { type: "SHUT_DOWN" },
  { type: "NODE_LOST" },
] as const;
