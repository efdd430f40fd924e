import { assign, setup } from "xstate";

interface Health {
  readonly rise: number;
  readonly fall: number;
  /** 0 … rise − 1 while down, rise … rise + fall − 1 while up. */
  readonly health: number;
  /** A check without an answer is still open: its time-out is known at the next check. */
  readonly unanswered: boolean;
}

const full = (context: Health) => context.rise + context.fall - 1;
/** What a failed check leaves: one less, and 0 at once where one less would not do to stay up. */
const afterFailure = (context: Health) => (context.health > context.rise ? context.health - 1 : 0);

/**
 * The health of one `server` line in one running haproxy: UP for `fall` failed checks in a row, DOWN for `rise`
 * passed ones. A server starts UP, and goes down at its first failure as long as no check has passed (HAProxy's
 * manual, `check`, `rise`, `fall`; the start seen with HAProxy 2.6). A check without an answer fails when its
 * time-out ends, one `inter` later, at the moment of the next.
 */
export const haproxyServer = setup({
  types: {
    context: {} as Health,
    events: {} as
      | { type: "CHECK_PASSED" }
      | { type: "CHECK_FAILED" }
      | { type: "CHECK_UNANSWERED" }
      /** With what the server's line says. */
      | { type: "HAPROXY_STARTED"; rise: number; fall: number }
      | { type: "HAPROXY_STOPPED" },
  },
  guards: {
    falls: ({ context }) => afterFailure(context) === 0,
    rises: ({ context }) => context.health + 1 >= context.rise,
    repeated: ({ context }) => context.unanswered,
    repeatedAndFalls: ({ context }) => context.unanswered && afterFailure(context) === 0,
    fellMeanwhileAndRises: ({ context }) => context.unanswered && afterFailure(context) === 0 && context.rise === 1,
    fellMeanwhile: ({ context }) => context.unanswered && afterFailure(context) === 0,
  },
  actions: {
    lose: assign({ health: ({ context }) => afterFailure(context), unanswered: false }),
    loseAgain: assign({ health: ({ context }) => afterFailure(context) }),
    await: assign({ unanswered: true }),
    fill: assign({ health: ({ context }) => full(context), unanswered: false }),
    gain: assign({ health: ({ context }) => context.health + 1, unanswered: false }),
    first: assign({ health: 1, unanswered: false }),
    empty: assign({ health: 0, unanswered: false }),
    begin: assign(({ context, event }) =>
      event.type === "HAPROXY_STARTED"
        ? { rise: event.rise, fall: event.fall, health: event.rise, unanswered: false }
        : { ...context, health: context.rise, unanswered: false },
    ),
  },
}).createMachine({
  id: "haproxy-server",
  context: { rise: 2, fall: 3, health: 2, unanswered: false },
  initial: "unknown",
  states: {
    unknown: {},
    up: {
      on: {
        CHECK_PASSED: [
          { guard: "fellMeanwhileAndRises", actions: "fill" },
          { guard: "fellMeanwhile", target: "down", actions: "first" },
          { actions: "fill" },
        ],
        CHECK_FAILED: [{ guard: "falls", target: "down", actions: "empty" }, { actions: "lose" }],
        CHECK_UNANSWERED: [
          { guard: "repeatedAndFalls", target: "down", actions: ["empty", "await"] },
          { guard: "repeated", actions: "loseAgain" },
          { actions: "await" },
        ],
      },
    },
    down: {
      on: {
        CHECK_PASSED: [{ guard: "rises", target: "up", actions: "fill" }, { actions: "gain" }],
        CHECK_FAILED: { actions: "empty" },
        CHECK_UNANSWERED: { actions: ["empty", "await"] },
      },
    },
  },
  on: {
    HAPROXY_STARTED: { target: ".up", actions: "begin" },
    HAPROXY_STOPPED: { target: ".unknown", actions: "begin" },
  },
});

export const events = [
  { type: "CHECK_PASSED" },
  { type: "CHECK_FAILED" },
  { type: "CHECK_UNANSWERED" },
  { type: "HAPROXY_STARTED", rise: 2, fall: 3 },
  { type: "HAPROXY_STARTED", rise: 1, fall: 1 },
  { type: "HAPROXY_STOPPED" },
] as const;
