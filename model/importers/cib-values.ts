import { parseBoolean } from "../cluster/scheduler/state/values.js";

/** Which values mean something to Pacemaker, for what a CIB sets by name. */

/** A kind of value, in words for a message, and whether a text is one. */
interface Kind {
  readonly words: readonly string[];
  is(text: string): boolean;
}

/** Words in any case: Pacemaker compares them so. */
function oneOf(...words: string[]): Kind {
  return { words, is: (text) => words.includes(text.toLowerCase()) };
}

function written(pattern: RegExp, ...words: string[]): Kind {
  return { words, is: (text) => pattern.test(text.trim()) };
}

const BOOLEAN: Kind = {
  words: ["true", "false"],
  is: (text) => parseBoolean(text) !== undefined,
};
const ROLE: Kind = {
  words: ["Started", "Stopped", "Promoted", "Unpromoted"],
  is: (text) => /^(?:started|stopped|promoted|unpromoted|master|slave|#default)$/i.test(text),
};
const SCORE = written(/^[+-]?(?:INFINITY|\d+(?:\.\d+)?)$/, "a number", "INFINITY", "-INFINITY");
const INTEGER = written(/^[+-]?(?:INFINITY|\d+)$/, "a whole number");
const TIME_WORDS = ["30", "30s", "500ms", "5min", "1h"];
const TIME = written(/^(?:\d+\s*(?:us|usec|ms|msec|s|sec|m|min|h|hr)?|P[T\d].*)$/i, ...TIME_WORDS);
/** A negative one is worked out from another timeout. */
const TIME_OR_NONE = written(/^(?:-\d+|\d+\s*(?:us|usec|ms|msec|s|sec|m|min|h|hr)?)$/i, ...TIME_WORDS, "-1");

function named(kind: Kind, names: string): readonly (readonly [string, Kind])[] {
  return names.split(/\s+/).map((name) => [name, kind]);
}

/** Pacemaker Explained, 2.1: options of resources, clones and operations. */
const META_KINDS: ReadonlyMap<string, Kind> = new Map([
  ...named(ROLE, "target-role role"),
  ...named(
    BOOLEAN,
    `is-managed maintenance allow-migrate allow-unhealthy-nodes globally-unique ordered interleave notify promotable
    critical enabled record-pending remote-allow-migrate`,
  ),
  ...named(SCORE, "priority resource-stickiness migration-threshold"),
  ...named(INTEGER, "clone-max clone-node-max clone-min promoted-max promoted-node-max master-max master-node-max"),
  ...named(TIME, "failure-timeout timeout interval start-delay remote-connect-timeout"),
  ...named(oneOf("nothing", "quorum", "fencing", "unfencing"), "requires"),
  ...named(oneOf("block", "stop_only", "stop_start", "stop_unexpected"), "multiple-active"),
  ...named(
    oneOf("ignore", "block", "demote", "stop", "restart", "standby", "fence", "restart-container", "nothing"),
    "on-fail",
  ),
  ...named(oneOf("ignore", "restart"), "restart-type"),
]);

/** pacemaker-schedulerd(7), pacemaker-controld(7), 2.1. */
const PROPERTY_KINDS: ReadonlyMap<string, Kind> = new Map([
  ...named(
    BOOLEAN,
    `stonith-enabled symmetric-cluster maintenance-mode start-failure-is-fatal startup-fencing enable-startup-probes
    is-managed-default stop-all-resources stop-orphan-resources stop-orphan-actions remove-after-stop
    concurrent-fencing shutdown-lock have-watchdog`,
  ),
  ...named(oneOf("stop", "freeze", "ignore", "demote", "suicide"), "no-quorum-policy"),
  ...named(oneOf("reboot", "off", "poweroff"), "stonith-action"),
  ...named(oneOf("none", "migrate-on-red", "only-green", "progressive", "custom"), "node-health-strategy"),
  ...named(oneOf("default", "utilization", "minimal", "balanced"), "placement-strategy"),
  ...named(oneOf("stop", "panic"), "fence-reaction"),
  ...named(
    SCORE,
    "default-resource-stickiness stonith-max-attempts node-health-base node-health-green node-health-yellow node-health-red",
  ),
  ...named(INTEGER, "batch-limit migration-limit"),
  ...named(
    TIME,
    `stonith-timeout default-action-timeout cluster-delay priority-fencing-delay shutdown-lock-limit dc-deadtime
    cluster-recheck-interval election-timeout join-finalization-timeout join-integration-timeout
    crmd-integration-timeout crmd-finalization-timeout shutdown-escalation transition-delay`,
  ),
  ...named(TIME_OR_NONE, "stonith-watchdog-timeout"),
]);

/**
 * What a value of a cluster property or a meta-attribute could be, where it is none of it: Pacemaker would take it for
 * the default, for false or for the number that it begins with, and the CIB be valid. Undefined where it is one, or
 * where any text is.
 */
export function expectedInstead(kind: "property" | "meta", name: string, value: string): readonly string[] | undefined {
  const known = (kind === "meta" ? META_KINDS : PROPERTY_KINDS).get(name);
  return known === undefined || known.is(value) ? undefined : known.words;
}
