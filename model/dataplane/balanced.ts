import type { Reader } from "../kernel/index.js";
import type { BoundProxy, HaproxyConfig } from "../services/haproxy-config.js";
import type { NodeId } from "../twin/parts.js";
import { type Answer, failed, OK, partly, slow, worse } from "./answer.js";
import type { Trail } from "./trail.js";
import type { BalancerView } from "./views.js";

type Server = BoundProxy["proxy"]["servers"][number];

/** What a server would answer, asked directly from the load balancer. */
export type AskServer = (read: Reader, address: string, port: number, trail?: Trail) => Answer;

/**
 * What a client of one haproxy gets at an address and port. Requests go to the servers that the checks have left
 * (`backup` servers only when no other is); a connection that a server refuses or does not take is tried again, with
 * `option redispatch` at last on another server, so that the client waits but is served. An answer that is an error
 * is handed on as it is.
 */
export function balanced(
  read: Reader,
  balancers: BalancerView,
  node: NodeId,
  address: string,
  port: number,
  ask: AskServer,
  trail?: Trail,
): Answer {
  const config = balancers.config(read, node);
  const subject = `haproxy/${node}`;
  if (!config) {
    trail?.hop(subject, false, "no haproxy serves here", balancers.processCell(node));
    return failed("refused", subject, `haproxy on ${node} is not running`);
  }
  if (balancers.isHung(read, node)) {
    trail?.hop(subject, false, "takes connections and passes nothing on", balancers.processCell(node));
    return failed("timeout", subject, `haproxy on ${node} hangs`);
  }
  if (balancers.isFull(read, node)) {
    trail?.hop(subject, false, "maxconn reached: new connections wait", balancers.processCell(node));
    return failed("timeout", subject, `haproxy on ${node} has reached maxconn`);
  }
  trail?.hop(subject, true, "serving", balancers.processCell(node));
  const bound = boundAt(config, address, port);
  if (!bound) {
    trail?.hop(`address/${address}`, false, `haproxy on ${node} does not listen on port ${port}`);
    return failed("refused", subject, `haproxy on ${node} does not listen on ${address}:${port}`);
  }
  const { proxy, backend } = bound;
  if (!backend) {
    if (proxy.statsPage) return OK;
    trail?.hop(`frontend/${proxy.name}@${node}`, false, "has no backend");
    return failed("error", subject, `${proxy.name} on ${node} has no backend`, 503);
  }
  if (backend.servers.length === 0 && proxy.statsPage) return OK;
  return shared(read, balancers, node, backend, port, ask, trail);
}

export function boundAt(config: HaproxyConfig, address: string, port: number): BoundProxy | undefined {
  const all = config.bound.get(port);
  return all?.find((one) => one.address === address) ?? all?.find((one) => one.address === "*");
}

/** The servers that get requests now. */
export function usableServers(
  read: Reader,
  balancers: BalancerView,
  node: NodeId,
  backend: BoundProxy["proxy"],
): readonly Server[] {
  const up = backend.servers.filter(
    (server) => !server.disabled && balancers.health(read, node, backend.name, server.name) !== "down",
  );
  const first = up.filter((server) => !server.backup && server.weight > 0);
  if (first.length > 0) return backend.stickOn === "dst" ? first.slice(0, 1) : first;
  return up.filter((server) => server.backup).slice(0, 1);
}

function shared(
  read: Reader,
  balancers: BalancerView,
  node: NodeId,
  backend: BoundProxy["proxy"],
  port: number,
  ask: AskServer,
  trail?: Trail,
): Answer {
  const usable = usableServers(read, balancers, node, backend);
  for (const server of trail ? backend.servers : []) {
    const health = server.disabled ? "disabled" : balancers.health(read, node, backend.name, server.name);
    const text = health === "up" ? "check passes: UP" : health === "down" ? "check failed: DOWN" : health;
    const cell = balancers.healthCell(node, backend.name, server.name);
    trail!.hop(serverSubject(backend.name, server.name, node), usable.includes(server), text, cell);
  }
  if (usable.length === 0) {
    const first = backend.servers[0];
    if (trail && first) ask(read, first.address, first.port ?? port, trail);
    const text = `${backend.name} on ${node} has no server left`;
    return failed("error", `backend/${backend.name}@${node}`, text, backend.mode === "http" ? 503 : undefined);
  }
  const answers = usable.map((server) => ask(read, server.address, server.port ?? port));
  const answer = combined(backend, node, usable, answers);
  if (trail) {
    // The one to walk: the first that is in trouble, else the first.
    const at = Math.max(
      0,
      answers.findIndex((one) => one.grade !== "ok"),
    );
    ask(read, usable[at]!.address, usable[at]!.port ?? port, trail);
  }
  return answer;
}

function combined(
  backend: BoundProxy["proxy"],
  node: NodeId,
  usable: readonly Server[],
  answers: readonly Answer[],
): Answer {
  let worst = OK;
  let served = 0;
  let unreached: { answer: Answer; server: Server } | undefined;
  for (const [i, answer] of answers.entries()) {
    if (answer.grade === "failed" && isUnreached(answer)) unreached ??= { answer, server: usable[i]! };
    else {
      if (answer.grade !== "failed") served++;
      worst = worse(worst, answer);
    }
  }
  if (worst.grade === "failed") return served > 0 ? partly(worst) : worst;
  if (!unreached) return worst;
  const subject = serverSubject(backend.name, unreached.server.name, node);
  if (served === 0) {
    const text = `no server of ${backend.name} takes connections: ${unreached.answer.text}`;
    return failed("error", unreached.answer.blame, text, backend.mode === "http" ? 503 : undefined);
  }
  if (backend.redispatch)
    return worse(worst, slow(subject, `${subject} is dead and not yet marked down; retries go elsewhere`));
  return partly(failed("error", subject, `${subject} is dead and not yet marked down, without redispatch`));
}

/** No connection came about, so haproxy may try again elsewhere. */
function isUnreached(answer: Answer): boolean {
  return answer.failure === "refused" || answer.failure === "unreachable" || answer.unconnected === true;
}

export function serverSubject(proxy: string, server: string, node: NodeId): string {
  return `server/${proxy}/${server}@${node}`;
}
