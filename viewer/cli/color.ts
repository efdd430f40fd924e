/** Whether to colour a stream: NO_COLOR and --no-color say no, FORCE_COLOR yes, else only a terminal that can. */
export function wantsColor(stream: NodeJS.WriteStream, allowed: boolean): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (!allowed || (NO_COLOR !== undefined && NO_COLOR !== "")) return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "0") return true;
  return Boolean(stream.isTTY) && TERM !== "dumb";
}
