import { assign, setup } from "xstate";

/** Seconds between attempts: doubled each time, at most 60 (qpid driver of OpenStack 2013.2). */
export const QPID_RETRY_S = [1, 2, 4, 8, 16, 32, 60] as const;
const last = QPID_RETRY_S.length - 1;

/**
 * The connection of a node's OpenStack services to the message broker. A broker that ends closes its connections, and
 * the client tries again at once and then after 1, 2, 4, … 60 s. A broker that falls silent is noticed when two
 * heartbeats are missed, or as soon as somebody else answers at its address and knows no such connection.
 */
export const amqpLink = setup({
  types: {
    context: {} as { readonly attempt: number },
    events: {} as
      | { type: "CLIENTS_STARTED" }
      | { type: "CLIENTS_GONE" }
      | { type: "BROKER_CLOSED" }
      | { type: "BROKER_SILENT" }
      | { type: "BROKER_ANSWERS_AGAIN" }
      | { type: "HEARTBEATS_MISSED" }
      | { type: "ATTEMPT_FAILED" }
      | { type: "ATTEMPT_SUCCEEDED" },
  },
  actions: {
    first: assign({ attempt: 0 }),
    next: assign({ attempt: ({ context }) => Math.min(last, context.attempt + 1) }),
  },
}).createMachine({
  id: "amqp-link",
  context: { attempt: 0 },
  initial: "unused",
  states: {
    unused: { on: { CLIENTS_STARTED: { target: "waiting", actions: "first" } } },
    connected: { on: { BROKER_CLOSED: { target: "waiting", actions: "first" }, BROKER_SILENT: "silent" } },
    /** Open as far as the client knows; nothing comes back. */
    silent: {
      on: {
        BROKER_ANSWERS_AGAIN: "connected",
        BROKER_CLOSED: { target: "waiting", actions: "first" },
        HEARTBEATS_MISSED: { target: "waiting", actions: "first" },
      },
    },
    /** Between two attempts. */
    waiting: {
      on: { ATTEMPT_SUCCEEDED: { target: "connected", actions: "first" }, ATTEMPT_FAILED: { actions: "next" } },
    },
  },
  on: { CLIENTS_GONE: { target: ".unused", actions: "first" } },
});

export const events = [
  { type: "CLIENTS_STARTED" },
  { type: "CLIENTS_GONE" },
  { type: "BROKER_CLOSED" },
  { type: "BROKER_SILENT" },
  { type: "BROKER_ANSWERS_AGAIN" },
  { type: "HEARTBEATS_MISSED" },
  { type: "ATTEMPT_FAILED" },
  { type: "ATTEMPT_SUCCEEDED" },
] as const;
