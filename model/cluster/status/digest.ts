import { isParameter, parameterDigest } from "../cib/parameter-digest.js";

/**
 * The digest of an operation's parameters that Pacemaker keeps in its history (op-digest), so that a changed
 * parameter restarts the resource. A recurring operation's time-out counts as a parameter.
 */
export function operationDigest(attributes: Readonly<Record<string, string>>, intervalMs: number): string {
  const parameters = new Map<string, string>();
  for (const [name, value] of Object.entries(attributes))
    if (isParameter(name) || (name === "CRM_meta_timeout" && intervalMs > 0)) parameters.set(name, value);
  return parameterDigest(parameters);
}
