/** keepalived.conf: its VRRP instances. Virtual servers (LVS) are not modelled. Times in milliseconds. */
export interface KeepalivedFacts {
  readonly file: string;
  readonly instances: readonly VrrpInstance[];
}

export interface VrrpInstance {
  readonly name: string;
  readonly line: number;
  /** The state it starts in; with priority 255 MASTER, otherwise an election follows. */
  readonly initialState: "MASTER" | "BACKUP";
  readonly interface: string;
  /** 1 to 255; two instances of one id on one network disturb each other. */
  readonly virtualRouterId: number;
  /** 100 unless set. */
  readonly priority: number;
  /** 1000 unless set. */
  readonly advertIntervalMs: number;
  readonly preempt: boolean;
  readonly preemptDelayMs: number;
  /** Without unicast peers adverts are multicast to 224.0.0.18. */
  readonly unicastPeers: readonly string[];
  readonly addresses: readonly {
    readonly address: string;
    readonly prefix: number;
    readonly device?: string;
    readonly line: number;
  }[];
  readonly trackedScripts: readonly string[];
  readonly trackedInterfaces: readonly string[];
  /** A backup takes over after this silence: 3 adverts and the skew (256 − priority)/256 of one. */
  readonly masterDownMs: number;
}
