import type { Cell, Reader } from "../kernel/index.js";
import type { Need, ServiceInstance } from "../topology/types.js";
import type { NodeId } from "../twin/parts.js";
import { type Answer, failed, isServed, OK, retold, slow, worse } from "./answer.js";
import type { DatabaseAnswer, Ground, UnitState } from "./ground.js";
import type { Trail } from "./trail.js";
import type { AnswerView, MessagingView, SqlView } from "./views.js";

/** How a service reaches what it needs: the data plane it is part of. */
export interface Callers {
  ask(read: Reader, from: NodeId, address: string, port: number, trail?: Trail): Answer;
  instance(read: Reader, service: ServiceInstance, work?: string): Answer;
  unit(read: Reader, unit: string, trail?: Trail): Answer;
  unitCell(unit: string): Cell<unknown> | undefined;
}

export interface ServiceViews {
  readonly answers: AnswerView;
  readonly messaging: MessagingView;
  readonly sql: SqlView;
}

/** What one service instance answers: its process first, then everything that it needs. */
export class ServiceAnswers {
  readonly #ground: Ground;
  readonly #answers: AnswerView;
  readonly #messaging: MessagingView;
  readonly #sql: SqlView;
  readonly #needsOf: (read: Reader, service: ServiceInstance) => readonly Need[];
  readonly #callers: Callers;
  /** `unit@node` and the place of a need that is not followed, because that would go round in a circle. */
  readonly skipped = new Set<string>();

  constructor(
    ground: Ground,
    { answers, messaging, sql }: ServiceViews,
    needsOf: (read: Reader, service: ServiceInstance) => readonly Need[],
    callers: Callers,
  ) {
    this.#ground = ground;
    this.#answers = answers;
    this.#messaging = messaging;
    this.#sql = sql;
    this.#needsOf = needsOf;
    this.#callers = callers;
  }

  /** Its process, as those find it who connect. */
  process(read: Reader, service: ServiceInstance): UnitState {
    if (!this.#ground.isRunning(read, service.node)) return "stopped";
    if (service.role === "database") {
      const answer = this.#ground.database(read, service.node);
      if (answer !== undefined) return answer === "refused" ? "stopped" : answer === "hang" ? "hung" : "running";
    }
    return this.#ground.unit(read, service.node, service.unit);
  }

  /** The needs of one kind of work, on top of those that all work has. */
  work(read: Reader, service: ServiceInstance, work: string): Answer {
    const base = this.#callers.instance(read, service);
    return base.grade === "failed" ? base : worse(base, this.#needs(read, service, work));
  }

  /** What it answers to those who reach it; with a trail, hop by hop. */
  evaluate(read: Reader, service: ServiceInstance, work: string | undefined, trail?: Trail): Answer {
    const { node, unit } = service;
    if (trail && !trail.enter(`instance/${service.id}/${work ?? ""}`))
      return this.#callers.instance(read, service, work);
    const database = service.role === "database" ? this.#ground.database(read, node) : undefined;
    if (database !== undefined) return this.#database(service, database, trail);
    const cell = this.#ground.unitCell(node, unit);
    const process = this.process(read, service);
    if (process === "stopped" || process === "starting") {
      const text = process === "stopped" ? `${unit} is not running on ${node}` : `${unit} is still starting on ${node}`;
      trail?.hop(`unit/${unit}@${node}`, false, text, cell);
      return failed("refused", `unit/${unit}@${node}`, text);
    }
    if (process === "hung") {
      trail?.hop(`unit/${unit}@${node}`, false, "takes connections and never answers", cell);
      return failed("timeout", `unit/${unit}@${node}`, `${unit} on ${node} hangs`);
    }
    const how = this.#answers.answers(read, node, unit);
    if (how !== "well") {
      const text = how === "slow" ? `${unit} on ${node} answers too late` : `${unit} on ${node} answers with errors`;
      trail?.hop(`unit/${unit}@${node}`, false, text, this.#answers.cell(node, unit));
      return how === "slow"
        ? failed("timeout", `unit/${unit}@${node}`, text)
        : failed("error", `unit/${unit}@${node}`, text, 500);
    }
    trail?.hop(`unit/${unit}@${node}`, true, "running", cell);
    const base = this.#needs(read, service, undefined, trail);
    return work === undefined || (base.grade === "failed" && !trail)
      ? base
      : worse(base, this.#needs(read, service, work, trail));
  }

  #needs(read: Reader, service: ServiceInstance, work: string | undefined, trail?: Trail): Answer {
    let worst = OK;
    for (const [i, need] of this.#needsOf(read, service).entries()) {
      if (need.for !== work) continue;
      if (this.skipped.size > 0 && this.skipped.has(`${service.id} ${i}`)) continue;
      worst = worse(worst, this.#need(read, service, need, trail));
      // One lost need is enough, except for people, who want to see them all.
      if (worst.grade === "failed" && !trail) break;
    }
    return worst;
  }

  #database({ unit, node }: ServiceInstance, answer: DatabaseAnswer, trail?: Trail): Answer {
    const subject = `unit/${unit}@${node}`;
    const text = DATABASE_TEXT[answer];
    trail?.hop(subject, answer === "ok" || answer === "slow", text, this.#ground.databaseCell(node));
    switch (answer) {
      case "ok":
        return OK;
      case "slow":
        return slow(subject, `${unit} on ${node} ${text}`);
      case "hang":
        return failed("timeout", subject, `${unit} on ${node} ${text}`);
      case "refused":
        return failed("refused", subject, `${unit} on ${node} ${text}`);
      default:
        return failed("error", subject, `${unit} on ${node} ${text}`, 500);
    }
  }

  #need(read: Reader, service: ServiceInstance, need: Need, trail?: Trail): Answer {
    const { node } = service;
    switch (need.kind) {
      case "endpoint": {
        if (need.endpoints.length === 0) {
          const text = `its files name no ${need.purpose}`;
          trail?.hop(`instance/${service.id}`, false, text);
          return failed("error", `instance/${service.id}`, `${service.id}: ${text}`, 500);
        }
        const answer = this.#anyOf(read, service, need.endpoints, trail);
        if (need.purpose === "database" && isServed(answer) && this.#sql.isRetrying(read, service.id)) {
          const text = `${service.id} started without the database and has not tried again yet`;
          trail?.hop(`sql-pool/${service.id}`, false, text, this.#sql.cell(service.id));
          return failed("timeout", `sql-pool/${service.id}`, text);
        }
        if (need.purpose !== "messaging") return answer.grade === "ok" ? OK : asError(answer, need.purpose);
        if (isServed(answer) && !this.#messaging.isConnected(read, node)) {
          const text = `${node}'s services have not reconnected to the message broker`;
          trail?.hop(`amqp-link/${node}`, false, text, this.#messaging.cell(node));
          return failed("timeout", `amqp-link/${node}`, text);
        }
        return answer.grade === "ok" ? OK : asError(answer, need.purpose);
      }
      case "rpc": {
        if (trail && isServed(this.#callers.unit(read, need.unit))) {
          trail.hop(`unit-answer/${need.unit}`, true, "answers on the message bus", this.#callers.unitCell(need.unit));
          return OK;
        }
        const answer = this.#callers.unit(read, need.unit, trail);
        return isServed(answer) ? OK : asError(answer, "rpc");
      }
      case "mount":
        return this.#mount(read, node, need.mountPoint, trail);
      case "local": {
        const state = this.#ground.unit(read, node, need.unit);
        const subject = `unit/${need.unit}@${node}`;
        trail?.hop(subject, state === "running", state, this.#ground.unitCell(node, need.unit));
        if (state === "running") return OK;
        return failed(state === "hung" ? "timeout" : "error", subject, `${need.unit} on ${node} is ${state}`, 500);
      }
    }
  }

  #anyOf(
    read: Reader,
    service: ServiceInstance,
    endpoints: readonly { readonly address: string; readonly port: number }[],
    trail?: Trail,
  ): Answer {
    let best: Answer | undefined;
    for (const { address, port } of endpoints) {
      const answer = this.#callers.ask(read, service.node, address, port);
      if (trail && endpoints.length === 1) {
        // What works is one line; what does not is walked to its end.
        if (answer.grade === "ok")
          trail.hop(`address/${address}`, true, `port ${port} answers`, this.#ground.addressCell(address));
        else if (trail.enter(`call/${service.node}/${address}:${port}`))
          this.#callers.ask(read, service.node, address, port, trail);
        else trail.hop(`address/${address}`, false, answer.text, this.#ground.addressCell(address));
      } else
        trail?.hop(`address/${address}`, isServed(answer), isServed(answer) ? `port ${port} answers` : answer.text);
      if (isServed(answer)) return answer;
      if (best === undefined || (best.grade === "failed" && answer.grade === "partly")) best = answer;
    }
    return best ?? OK;
  }

  #mount(read: Reader, node: NodeId, mountPoint: string, trail?: Trail): Answer {
    const state = this.#ground.mount(read, node, mountPoint);
    const subject = `mount/${node}:${mountPoint}`;
    trail?.hop(
      subject,
      state !== "absent" && state !== "hung" && state !== "stale",
      state,
      this.#ground.mountCell(node, mountPoint),
    );
    switch (state) {
      case "served":
        return OK;
      case "read-only":
      case "full":
        // It answers; who writes asks separately.
        return OK;
      case "slow":
        return slow(subject, `${mountPoint} on ${node} is slow`);
      case "hung":
        return failed("timeout", subject, `${mountPoint} on ${node} hangs`);
      default:
        return failed("error", subject, `${mountPoint} on ${node} is ${state}`, 500);
    }
  }
}

const DATABASE_TEXT: Readonly<Record<DatabaseAnswer, string>> = {
  ok: "answers queries",
  slow: "answers slowly",
  hang: "takes connections and does not answer: its files hang",
  "read-only": "cannot write its files",
  errors: "answers with errors: its files are not those of the database",
  refused: "takes no connections",
};

/** How a service tells its callers that something it needs has failed it. */
function asError(answer: Answer, purpose: string): Answer {
  if (isServed(answer)) return answer;
  // A hang stays a hang: the caller's own time-out ends it.
  if (answer.failure === "timeout") return retold(answer, "timeout", answer.text);
  const status = answer.status ?? (purpose === "identity" ? 503 : 500);
  return retold(answer, "error", answer.text, status);
}
