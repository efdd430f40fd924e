import type { EffectiveTotem } from "./totem-facts.js";

type Timings = Pick<EffectiveTotem, "tokenMs" | "consensusMs" | "defaulted">;

/**
 * cman's timings (RHEL 6, in front of corosync 1.4): token 10,000 ms; consensus for up to two nodes a fifth of the
 * token between 200 and 2000 ms, for more nodes the token and 2000 ms.
 */
export function cmanTimings(nodes: number, tokenMs: number | undefined, consensusMs: number | undefined): Timings {
  const defaulted: { setting: string; because: string }[] = [];
  if (tokenMs === undefined) defaulted.push({ setting: "tokenMs", because: "cman: token 10000 ms" });
  const token = tokenMs ?? 10_000;
  const small = nodes <= 2;
  if (consensusMs === undefined)
    defaulted.push({
      setting: "consensusMs",
      because: small
        ? "cman, up to 2 nodes: 0.2 × token, from 200 to 2000 ms"
        : "cman, 3 nodes and more: token + 2000 ms",
    });
  const computed = small ? Math.min(Math.max(Math.floor(token / 5), 200), 2000) : token + 2000;
  return { tokenMs: token, consensusMs: consensusMs ?? computed, defaulted };
}

/**
 * corosync's timings. Generation 2 (current releases): token 3000 ms and 650 ms more for each node beyond two, if a
 * nodelist has three or more; 1: token 1000 ms. Consensus is 1.2 × the token that results. (man corosync.conf)
 */
export function corosyncTimings(
  generation: 1 | 2,
  listedNodes: number,
  said: { tokenMs?: number; tokenCoefficientMs?: number; consensusMs?: number },
): Timings {
  const defaulted: { setting: string; because: string }[] = [];
  const base = said.tokenMs ?? (generation === 1 ? 1000 : 3000);
  if (said.tokenMs === undefined)
    defaulted.push({ setting: "tokenMs", because: `corosync ${generation === 1 ? "1.4" : "3"}: token ${base} ms` });
  const beyond = generation === 2 && listedNodes >= 3 ? listedNodes - 2 : 0;
  const coefficient = said.tokenCoefficientMs ?? 650;
  if (beyond > 0 && said.tokenCoefficientMs === undefined)
    defaulted.push({ setting: "tokenMs", because: "corosync: token_coefficient 650 ms for each node beyond two" });
  const token = base + beyond * coefficient;
  if (said.consensusMs === undefined)
    defaulted.push({ setting: "consensusMs", because: "corosync: consensus 1.2 × token" });
  return { tokenMs: token, consensusMs: said.consensusMs ?? Math.floor(token * 1.2), defaulted };
}
