/**
 * How long the cluster's own machinery takes, beyond agents and power controllers. Measured with Corosync 3.1.7 and
 * Pacemaker 2.1.5 on a small machine unless another source is named; all in milliseconds.
 */
export interface ClusterTimings {
  /** Corosync or cman, from its start to a membership of its own. */
  readonly stackStartMs: number;
  /** A starting node's membership layer, from then until the others admit it. */
  readonly stackJoinMs: number;
  /** Nodes whose link carries messages (again), until they form one membership. */
  readonly mergeMs: number;
  /** knet: a link that was down is probed so long before it carries messages again. */
  readonly linkUpMs: number;
  /** The same, where the node at one end was frozen. */
  readonly thawMs: number;
  /** A node that leaves in order, until the others have a new membership. */
  readonly leaveMs: number;
  /** Where in its rotation the token is lost: 0 just after it was seen (longest detection), 1 just before it was due. */
  readonly tokenPhase: number;
  /** A starting controller, from membership until the DC has taken it in. */
  readonly controllerStartMs: number;
  /** An election in which every peer answers, and taking over. */
  readonly electionMs: number;
  /** An election between two DCs that meet. */
  readonly rivalElectionMs: number;
  /** A join in which every peer answers. */
  readonly joinMs: number;
  /** From an abort to the new graph's first action: the query of the CIB and the scheduler. */
  readonly decideMs: number;
  /** The same where a transition has just ended and nothing else is under way. */
  readonly redecideMs: number;
  /**
   * The DC's pause when it wants the CIB while its own updates of it are still on their way, as after a membership
   * change: it sleeps a second (do_pe_invoke). Seen in about three of four losses.
   */
  readonly pendingUpdatesMs: number;
  /** From the DC's request to the operation's begin on the node, and from its end back to the DC. */
  readonly dispatchMs: number;
  /** Requests of one moment go out one after another, in the order of the graph. */
  readonly requestGapMs: number;
  /** A node's first operation on a resource: it is registered with the executor. */
  readonly registerMs: number;
  /** The first resource of an agent on a node: its metadata is read. */
  readonly metadataMs: number;
  /** A fencing request until a device is chosen: a query to every peer's fencer. */
  readonly fenceQueryMs: number;
  /** Between a failed attempt of a fence agent and the next. */
  readonly fenceRetryMs: number;
  /** The controller waits so long for a DC before it holds an election. Pacemaker's dc-deadtime unless the CIB says. */
  readonly dcDeadtimeMs: number;
  /** pacemakerd restarts a daemon that died. */
  readonly respawnMs: number;
  /** Operations that the DC lets one node execute at once: node-action-limit, by default twice its cores. */
  readonly nodeActionLimit: number;
}

export const DEFAULT_TIMINGS: ClusterTimings = {
  stackStartMs: 500,
  stackJoinMs: 850,
  mergeMs: 160,
  linkUpMs: 1_400,
  thawMs: 650,
  leaveMs: 10,
  tokenPhase: 0,
  controllerStartMs: 1_050,
  electionMs: 50,
  rivalElectionMs: 60,
  joinMs: 45,
  decideMs: 20,
  redecideMs: 8,
  pendingUpdatesMs: 1_000,
  dispatchMs: 14,
  requestGapMs: 3,
  registerMs: 15,
  metadataMs: 65,
  fenceQueryMs: 10,
  fenceRetryMs: 1_010,
  dcDeadtimeMs: 20_000,
  respawnMs: 120,
  nodeActionLimit: 8,
};
