const UNITS: Readonly<Record<string, number>> = {
  "": 1000,
  s: 1000,
  sec: 1000,
  ms: 1,
  msec: 1,
  us: 0.001,
  usec: 0.001,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  hr: 3_600_000,
};

/** "10s", "10", "5min", "500ms" or ISO 8601 ("PT30S") in milliseconds; `fallback` for what is neither. */
export function intervalMs(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const trimmed = text.trim();
  const plain = /^\+?(\d+)\s*([a-z]*)$/i.exec(trimmed);
  if (plain) {
    const unit = UNITS[plain[2]!.toLowerCase()];
    return unit === undefined ? fallback : Math.round(Number(plain[1]) * unit);
  }
  const iso = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(trimmed);
  if (!iso || trimmed.length < 3) return fallback;
  const [days, hours, minutes, seconds] = iso.slice(1, 5).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
  ];
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

const TRUE = new Set(["true", "on", "yes", "y", "1"]);
const FALSE = new Set(["false", "off", "no", "n", "0"]);

export function booleanOf(text: string | undefined, fallback: boolean): boolean {
  if (text === undefined) return fallback;
  const word = text.toLowerCase();
  return TRUE.has(word) ? true : FALSE.has(word) ? false : fallback;
}

export const INFINITY_SCORE = 1_000_000;

/** A score as Pacemaker reads it: INFINITY, -INFINITY, or an integer cut to them. */
export function scoreOf(text: string | undefined, fallback = 0): number {
  if (text === undefined) return fallback;
  const word = text.trim().toUpperCase();
  if (word === "INFINITY" || word === "+INFINITY") return INFINITY_SCORE;
  if (word === "-INFINITY") return -INFINITY_SCORE;
  const value = Number.parseInt(word, 10);
  if (Number.isNaN(value)) return fallback;
  return Math.max(-INFINITY_SCORE, Math.min(INFINITY_SCORE, value));
}
