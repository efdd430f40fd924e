/**
 * A CIB as a value: the configuration as an element tree (nothing of the file is lost), the status as typed
 * records (the twin writes them itself, so they must be cheap to make and to compare).
 */

/** An XML element: immutable, shared between CIBs, so that what is derived from one can be remembered by identity. */
export interface XmlElement {
  readonly name: string;
  readonly attrs: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** 1-based line of the start tag in the file it was read from; 0 where it was made by the program. */
  readonly line: number;
}

/** One operation's last result, as an `lrm_rsc_op` holds it. Names follow the attributes of the XML. */
export interface OperationHistory {
  readonly id: string;
  readonly operation: string;
  readonly operationKey: string;
  readonly intervalMs: number;
  readonly callId: number;
  /** -1 where the XML has none, as `unknown` does in Pacemaker. */
  readonly rcCode: number;
  /** PCMK_LRM_OP_*: -1 pending, 0 done, 1 cancelled, 2 timed out, 3 not supported, 4 error, … */
  readonly opStatus: number;
  readonly transitionKey: string;
  readonly transitionMagic: string;
  readonly onNode?: string | undefined;
  readonly exitReason?: string | undefined;
  /** Seconds since the epoch. */
  readonly lastRcChange?: number | undefined;
  readonly lastRun?: number | undefined;
  /** Milliseconds. */
  readonly execTime?: number | undefined;
  readonly queueTime?: number | undefined;
  readonly opDigest?: string | undefined;
  readonly opForceRestart?: string | undefined;
  readonly opRestartDigest?: string | undefined;
  readonly migrateSource?: string | undefined;
  readonly migrateTarget?: string | undefined;
  readonly crmFeatureSet?: string | undefined;
  /** Attributes of the XML element that have no field of their own. */
  readonly other?: Readonly<Record<string, string>> | undefined;
}

export interface ResourceHistory {
  readonly id: string;
  readonly class: string;
  readonly provider?: string | undefined;
  readonly type: string;
  readonly container?: string | undefined;
  /** `shutdown-lock`: seconds since the epoch at which the node with this resource was shut down in order. */
  readonly shutdownLock?: number | undefined;
  readonly operations: readonly OperationHistory[];
}

/** A `node_state`: what the cluster knows of one node. Undefined where the XML attribute is absent. */
export interface NodeState {
  readonly id: string;
  readonly uname: string;
  readonly inCcm?: string | undefined;
  readonly crmd?: string | undefined;
  readonly join?: string | undefined;
  readonly expected?: string | undefined;
  readonly remoteNode?: string | undefined;
  /** `transient_attributes`, in their order. Includes fail-count-*, last-failure-*, shutdown, standby, … */
  readonly attributes: ReadonlyMap<string, string>;
  readonly resources: ReadonlyMap<string, ResourceHistory>;
  /** Attributes of the XML element that have no field of their own (maintenance flags of remote nodes, …). */
  readonly other?: Readonly<Record<string, string>> | undefined;
}

export interface TicketState {
  readonly id: string;
  readonly granted?: string;
  readonly lastGranted?: string;
  readonly standby?: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface CibStatus {
  /** By uname (by id where the XML has no uname). */
  readonly nodes: ReadonlyMap<string, NodeState>;
  readonly tickets: ReadonlyMap<string, TicketState>;
}

export interface Cib {
  /** Attributes of the root: have-quorum, dc-uuid, validate-with, epoch, … */
  readonly attrs: Readonly<Record<string, string>>;
  /** The `configuration` element, upgraded to the newest schema. */
  readonly configuration: XmlElement;
  /** The `cluster-infrastructure` that was written: the upgrade takes out what Pacemaker 2 does not run on. */
  readonly stack?: string;
  readonly status: CibStatus;
  /** What was read and is not modelled, or was repaired; shown to the user and leaned on by verdicts. */
  readonly notes: readonly CibNote[];
}

export interface CibNote {
  readonly kind: "not-modelled" | "repaired" | "upgraded" | "dangling";
  readonly line: number;
  readonly text: string;
}
