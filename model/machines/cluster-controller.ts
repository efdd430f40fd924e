import { setup } from "xstate";

/**
 * Pacemaker's controller on one node (crmd, pacemaker-controld), in the states that Pacemaker names. A node that is
 * the DC walks idle → policy-engine → transition-engine; the others sit in not-dc. What the machine does not hold
 * (who the peers are, the graph) is data of the world.
 */
export type ClusterControllerEvent =
  | { type: "STARTED" }
  | { type: "CONNECTED" }
  /** Somebody else's join was accepted. */
  | { type: "JOINED_DC" }
  | { type: "ELECTION_BEGUN" }
  | { type: "ELECTION_WON" }
  | { type: "ELECTION_LOST" }
  /** A peer appeared, to be taken in. */
  | { type: "PEER_JOINING" }
  | { type: "JOIN_COMPLETE" }
  | { type: "ABORTED" }
  | { type: "GRAPH_CALCULATED" }
  | { type: "GRAPH_COMPLETE" }
  | { type: "SHUTDOWN_ORDERED" }
  | { type: "TERMINATED" };

export const clusterController = setup({
  types: { events: {} as ClusterControllerEvent },
}).createMachine({
  id: "cluster-controller",
  initial: "stopped",
  states: {
    stopped: { on: { STARTED: "starting" } },
    starting: { on: { CONNECTED: "pending", TERMINATED: "stopped" } },
    /** Connected, waiting for a DC. */
    pending: {
      on: {
        JOINED_DC: "not-dc",
        ELECTION_BEGUN: "election",
        SHUTDOWN_ORDERED: "stopping",
        TERMINATED: "stopped",
      },
    },
    election: {
      on: {
        ELECTION_WON: "integration",
        ELECTION_LOST: "pending",
        SHUTDOWN_ORDERED: "stopping",
        TERMINATED: "stopped",
      },
    },
    "not-dc": {
      on: {
        ELECTION_BEGUN: "election",
        SHUTDOWN_ORDERED: "stopping",
        TERMINATED: "stopped",
      },
    },
    /** The DC takes peers in. */
    integration: {
      on: {
        JOIN_COMPLETE: "policy-engine",
        ELECTION_BEGUN: "election",
        SHUTDOWN_ORDERED: "stopping",
        TERMINATED: "stopped",
      },
    },
    "policy-engine": {
      on: {
        GRAPH_CALCULATED: "transition-engine",
        PEER_JOINING: "integration",
        ELECTION_BEGUN: "election",
        SHUTDOWN_ORDERED: "stopping",
        TERMINATED: "stopped",
      },
    },
    "transition-engine": {
      on: {
        GRAPH_COMPLETE: "idle",
        ABORTED: "policy-engine",
        PEER_JOINING: "integration",
        ELECTION_BEGUN: "election",
        SHUTDOWN_ORDERED: "stopping",
        TERMINATED: "stopped",
      },
    },
    idle: {
      on: {
        ABORTED: "policy-engine",
        PEER_JOINING: "integration",
        ELECTION_BEGUN: "election",
        SHUTDOWN_ORDERED: "stopping",
        TERMINATED: "stopped",
      },
    },
    stopping: { on: { TERMINATED: "stopped" } },
  },
});

export const events: readonly ClusterControllerEvent[] = [
  { type: "STARTED" },
  { type: "CONNECTED" },
  { type: "JOINED_DC" },
  { type: "ELECTION_BEGUN" },
  { type: "ELECTION_WON" },
  { type: "ELECTION_LOST" },
  { type: "PEER_JOINING" },
  { type: "JOIN_COMPLETE" },
  { type: "ABORTED" },
  { type: "GRAPH_CALCULATED" },
  { type: "GRAPH_COMPLETE" },
  { type: "SHUTDOWN_ORDERED" },
  { type: "TERMINATED" },
];
