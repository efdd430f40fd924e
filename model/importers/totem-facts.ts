/** Membership timings that the cluster really works with, computed from what the file says and the defaults of its release. */
export interface EffectiveTotem {
  /** A silent node is taken for lost this long after its last token. */
  readonly tokenMs: number;
  /** Then this long to agree on the new membership. */
  readonly consensusMs: number;
  readonly joinMs: number;
  readonly retransmitsBeforeLoss: number;
  readonly secauth: boolean;
  readonly transport: "udp" | "udpu" | "knet" | "sctp" | "broadcast";
  /** Which of the above no file says, each with the formula or default that gave it. */
  readonly defaulted: readonly { readonly setting: string; readonly because: string }[];
}

/** votequorum's (or cman's) rules, as they take effect. */
export interface EffectiveQuorum {
  readonly provider: "corosync_votequorum" | "cman" | "none";
  readonly twoNode: boolean;
  readonly expectedVotes: number;
  readonly waitForAll: boolean;
  readonly lastManStanding: boolean;
  readonly lastManStandingWindowMs: number;
  readonly autoTieBreaker: boolean;
  /** "lowest", "highest" or a list of node ids, as written. */
  readonly autoTieBreakerNode: string;
  readonly allowDowngrade: boolean;
  readonly device?: { readonly model: string; readonly votes: number; readonly line: number };
  readonly defaulted: readonly { readonly setting: string; readonly because: string }[];
}

export interface MemberNode {
  readonly name: string;
  readonly nodeId: number;
  readonly votes: number;
  /** Ring addresses or names, ring 0 first; for cman the node's name and its altnames. */
  readonly rings: readonly string[];
  readonly line: number;
}

/** corosync.conf. */
export interface CorosyncFacts {
  readonly file: string;
  readonly clusterName?: string;
  /** 1: corosync 1.x syntax and defaults (interfaces with bindnetaddr, no nodelist); 2: corosync 2 and 3. */
  readonly generation: 1 | 2;
  /** Empty where the file has no nodelist. */
  readonly nodes: readonly MemberNode[];
  readonly interfaces: readonly {
    readonly ringNumber: number;
    readonly bindNetAddress?: string;
    readonly multicastAddress?: string;
    readonly multicastPort?: number;
    readonly line: number;
  }[];
  readonly totem: EffectiveTotem;
  readonly quorum: EffectiveQuorum;
}

/** cluster.conf of cman (RHEL 6). */
export interface ClusterConfFacts {
  readonly file: string;
  readonly clusterName: string;
  readonly configVersion: number;
  readonly nodes: readonly MemberNode[];
  readonly totem: EffectiveTotem;
  readonly quorum: EffectiveQuorum;
  readonly postFailDelayMs: number;
  readonly postJoinDelayMs: number;
  readonly fenceDevices: readonly {
    readonly name: string;
    readonly agent: string;
    readonly line: number;
    /** Parameters without secrets. */
    readonly parameters: ReadonlyMap<string, string>;
  }[];
  /** For each node, in order, what fenced would call. fence_pcmk hands the request on to Pacemaker's fencer. */
  readonly fenceMethods: readonly {
    readonly node: string;
    readonly method: string;
    readonly device: string;
    /** `port=` of the device line: the node as Pacemaker names it. */
    readonly port?: string;
    readonly line: number;
  }[];
  /** Every node's fencing goes through fence_pcmk. */
  readonly redirectsToPacemaker: boolean;
}
