import type { Cell, Reader } from "../kernel/index.js";
import type { HaproxyConfig } from "../services/haproxy-config.js";
import type { NodeId } from "../twin/parts.js";

/** What the data plane reads of the load balancers. */
export interface BalancerView {
  isBalancer(node: NodeId): boolean;
  /** The configuration that a serving haproxy works with; undefined where none serves. */
  config(read: Reader, node: NodeId): HaproxyConfig | undefined;
  processCell(node: NodeId): Cell<unknown>;
  /** `up` also where nobody checks. */
  health(read: Reader, node: NodeId, proxy: string, server: string): "up" | "down" | "unchecked";
  healthCell(node: NodeId, proxy: string, server: string): Cell<unknown> | undefined;
  /** It has its sockets and does nothing. */
  isHung(read: Reader, node: NodeId): boolean;
  /** All its connections are taken: `maxconn`. */
  isFull(read: Reader, node: NodeId): boolean;
}

/** How a process answers although it is there; a fault decides. */
export interface AnswerView {
  answers(read: Reader, node: NodeId, unit: string): AnswersHow;
  cell(node: NodeId, unit: string): Cell<AnswersHow> | undefined;
}

export type AnswersHow = "well" | "slow" | "wrong";

/** What the data plane reads of the connections to the message broker. */
export interface MessagingView {
  isConnected(read: Reader, node: NodeId): boolean;
  /** Somebody on the node uses the message bus. */
  hasClients(read: Reader, node: NodeId): boolean;
  cell(node: NodeId): Cell<unknown> | undefined;
}

/** What the data plane reads of the services' database connections. */
export interface SqlView {
  /** It started without the database and waits for its next attempt. By `unit@node`. */
  isRetrying(read: Reader, service: string): boolean;
  cell(service: string): Cell<unknown> | undefined;
}
