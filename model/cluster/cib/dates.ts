/**
 * Dates and durations as a CIB writes them (ISO 8601 as Pacemaker reads it), in seconds since the epoch, UTC. The twin
 * has no time zone of its own: a time without an offset is UTC.
 */

export interface CalendarTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  /** 1 to 366. */
  readonly yearDay: number;
  /** 1 (Monday) to 7. */
  readonly weekDay: number;
  readonly weekYear: number;
  /** 1 to 53. */
  readonly week: number;
}

/** What a duration adds; each part may be negative. */
export interface Duration {
  readonly years: number;
  readonly months: number;
  readonly days: number;
  readonly seconds: number;
}

const DAY_SECONDS = 86_400;
const DAYS_BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365] as const;

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeapYear(year) ? 29 : DAYS_BEFORE[month]! - DAYS_BEFORE[month - 1]!;
}

/** Days from 1970-01-01 to the first day of a year. */
function daysToYear(year: number): number {
  const y = year - 1;
  return 365 * (year - 1970) + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) - 477;
}

function daysBeforeMonth(year: number, month: number): number {
  return DAYS_BEFORE[month - 1]! + (month > 2 && isLeapYear(year) ? 1 : 0);
}

/** 1 (Monday) to 7 of a day counted from 1970-01-01, a Thursday. */
function weekDayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** The Monday that begins the first ISO week of a year, counted from 1970-01-01. */
function firstWeekStart(year: number): number {
  const fourth = daysToYear(year) + 3;
  return fourth - (weekDayOf(fourth) - 1);
}

function weeksInYear(year: number): number {
  return (firstWeekStart(year + 1) - firstWeekStart(year)) / 7;
}

export function calendarTime(epochSeconds: number): CalendarTime {
  const day = Math.floor(epochSeconds / DAY_SECONDS);
  const time = epochSeconds - day * DAY_SECONDS;
  let year = 1970 + Math.floor(day / 365.2425);
  while (daysToYear(year) > day) year--;
  while (daysToYear(year + 1) <= day) year++;
  const yearDay = day - daysToYear(year) + 1;
  let month = 1;
  while (month < 12 && daysBeforeMonth(year, month + 1) < yearDay) month++;
  let weekYear = year;
  if (day < firstWeekStart(year)) weekYear--;
  else if (day >= firstWeekStart(year + 1)) weekYear++;
  return {
    year,
    month,
    day: yearDay - daysBeforeMonth(year, month),
    hours: Math.floor(time / 3600),
    minutes: Math.floor(time / 60) % 60,
    seconds: time % 60,
    yearDay,
    weekDay: weekDayOf(day),
    weekYear,
    week: Math.floor((day - firstWeekStart(weekYear)) / 7) + 1,
  };
}

const WEEK_DATE = /^(\d+)-W(\d+)-(\d+)/;
const CALENDAR_DATE = /^(\d+)-(\d+)-(\d+)/;
const ORDINAL_DATE = /^(\d+)-(\d+)/;
const BASIC_DATE = /^(\d{4})(\d{2})(\d{1,2})/;

/**
 * A date and time: `2005-01-20`, `2005-020`, `2005-W03-4`, `20050120`, each with an optional time behind a `T` or one
 * space (`12`, `12:30`, `12:30:45`, `123045`) and an optional offset behind another space. As in Pacemaker 2.1.5 an
 * offset that follows the time directly (`12:30+02:00`) is not read. Undefined where the text is no date.
 */
export function parseDate(text: string, nowEpochSeconds = 0): number | undefined {
  if (text === "epoch") return 0;
  const separator = text.search(/[T ]/);
  const dateText = separator < 0 ? text : text.slice(0, separator);
  const timeText = separator < 0 ? "" : text.slice(separator + 1);
  if (separator === 0 || (separator < 0 && text.includes(":"))) {
    const time = parseTime(separator < 0 ? text : timeText);
    return time === undefined ? undefined : Math.floor(nowEpochSeconds / DAY_SECONDS) * DAY_SECONDS + time;
  }
  const day = parseDay(dateText);
  if (day === undefined) return undefined;
  const time = /^\d/.test(timeText) ? parseTime(timeText) : 0;
  return time === undefined ? undefined : day * DAY_SECONDS + time;
}

function parseDay(text: string): number | undefined {
  let m = WEEK_DATE.exec(text);
  if (m) {
    const [year, week, day] = [Number(m[1]), Number(m[2]), Number(m[3])];
    if (year > MAX_YEAR || week > weeksInYear(year) || day < 1 || day > 7) return undefined;
    return firstWeekStart(year) + (week - 1) * 7 + day - 1;
  }
  m = CALENDAR_DATE.exec(text);
  if (m) {
    const [year, month, day] = [Number(m[1]), Number(m[2]), Number(m[3])];
    if (year > MAX_YEAR || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
    return daysToYear(year) + daysBeforeMonth(year, month) + day - 1;
  }
  m = ORDINAL_DATE.exec(text);
  if (m) {
    const [year, day] = [Number(m[1]), Number(m[2])];
    if (year > MAX_YEAR || day < 1 || day > (isLeapYear(year) ? 366 : 365)) return undefined;
    return daysToYear(year) + day - 1;
  }
  m = BASIC_DATE.exec(text);
  if (m) {
    const [year, month, day] = [Number(m[1]), Number(m[2]), Number(m[3])];
    if (month < 1 || month > 12 || day > daysInMonth(year, month)) return undefined;
    return daysToYear(year) + daysBeforeMonth(year, month) + day - 1;
  }
  return undefined;
}

const MAX_YEAR = 1_000_000;
const TIME = /^(?:(\d+):(\d+)(?::(\d+))?|(\d{2})(\d{2})(\d{2})?|(\d+))/;

/** Seconds since midnight UTC, less the offset; undefined where the time cannot be. */
function parseTime(text: string): number | undefined {
  const m = TIME.exec(text);
  if (!m) return undefined;
  const hours = Number(m[1] ?? m[4] ?? m[7]);
  const minutes = Number(m[2] ?? m[5] ?? 0);
  const seconds = Number(m[3] ?? m[6] ?? 0);
  if (minutes > 59 || seconds > 59) return undefined;
  if (hours > 24 || (hours === 24 && minutes + seconds > 0)) return undefined;
  const space = text.indexOf(" ");
  const offset = space < 0 ? 0 : parseOffset(text.slice(space + 1));
  return offset === undefined ? undefined : hours * 3600 + minutes * 60 + seconds - offset;
}

function parseOffset(text: string): number | undefined {
  const m = /^([+-]?)(?:(\d{1,2}):(\d{1,2})|(\d{2})(\d{2})|(\d{1,2}))/.exec(text);
  if (!m) return 0;
  const hours = Number(m[2] ?? m[4] ?? m[6]);
  const minutes = Number(m[3] ?? m[5] ?? 0);
  if (hours > 23 || minutes > 59) return undefined;
  return (m[1] === "-" ? -1 : 1) * (hours * 3600 + minutes * 60);
}

const NO_DURATION: Duration = { years: 0, months: 0, days: 0, seconds: 0 };

/** `P1Y2M10DT2H30M`, `P1W`, `PT36H`. Undefined where the text is no duration. */
export function parseDuration(text: string): Duration | undefined {
  if (!text.startsWith("P") || text === "P") return undefined;
  let { years, months, days, seconds } = NO_DURATION;
  let inTime = false;
  let at = 1;
  while (at < text.length) {
    if (text[at] === "T") {
      inTime = true;
      at++;
      continue;
    }
    const m = /^(-?\d+)([A-Z])/.exec(text.slice(at));
    if (!m) return undefined;
    const value = Number(m[1]);
    switch (m[2]) {
      case "Y":
        years += value;
        break;
      case "M":
        if (inTime) seconds += value * 60;
        else months += value;
        break;
      case "W":
        days += value * 7;
        break;
      case "D":
        days += value;
        break;
      case "H":
        seconds += value * 3600;
        break;
      case "S":
        seconds += value;
        break;
      default:
        return undefined;
    }
    at += m[0].length;
  }
  return { years, months, days, seconds };
}

/** A date and a duration: years, then months (the day is cut to the month's last), then days and seconds. */
export function addDuration(epochSeconds: number, duration: Duration): number {
  const c = calendarTime(epochSeconds);
  let year = c.year + duration.years;
  let day = c.day;
  let month = c.month;
  if (duration.years !== 0 && month === 2 && day === 29 && !isLeapYear(year)) {
    month = 3;
    day = 1;
  }
  if (duration.months !== 0) {
    const total = year * 12 + (month - 1) + duration.months;
    year = Math.floor(total / 12);
    month = total - year * 12 + 1;
    day = Math.min(day, daysInMonth(year, month));
  }
  const days = daysToYear(year) + daysBeforeMonth(year, month) + day - 1 + duration.days;
  return days * DAY_SECONDS + c.hours * 3600 + c.minutes * 60 + c.seconds + duration.seconds;
}

/** `2005-01-20 12:30:45Z`, as crm_simulate and iso8601 print a date. */
export function printDate(epochSeconds: number): string {
  const c = calendarTime(epochSeconds);
  return `${pad(c.year, 4)}-${pad(c.month, 2)}-${pad(c.day, 2)} ${pad(c.hours, 2)}:${pad(c.minutes, 2)}:${pad(c.seconds, 2)}Z`;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, "0");
}

/** The phase of the moon, 0 (new) to 7, after the golden-number rule that date_spec's `moon` follows. */
export function moonPhase(time: CalendarTime): number {
  const golden = (time.year % 19) + 1;
  let epact = (11 * golden + 18) % 30;
  if ((epact === 25 && golden > 11) || epact === 24) epact++;
  return Math.floor((((time.yearDay + epact) * 6 + 11) % 177) / 22) & 7;
}

/** Units of a plain time, each known by its beginning; the order matters ("ms" before "m"). */
const UNITS: readonly (readonly [prefix: string, multiplier: number, divisor: number])[] = [
  ["ms", 1, 1],
  ["us", 1, 1000],
  ["s", 1000, 1],
  ["m", 60_000, 1],
  ["h", 3_600_000, 1],
];
const MAX_INTERVAL_MS = 4_294_967_295;
const PLAIN_TIME = /^[ \t]*(-?\d+)[\d.-]*[ \t]*([a-z]*)/i;

/**
 * A time-out in milliseconds: `10s`, `2min`, `500ms`, `1h`, plain seconds. Units are known by their beginning, as
 * Pacemaker knows them. Undefined where the text is none of these or negative.
 */
export function parseTimeMs(text: string): number | undefined {
  const short = shortTimeMs(text);
  if (short >= 0) return short;
  const m = PLAIN_TIME.exec(text);
  if (!m || m[0].includes("-")) return undefined;
  const unit = m[2]!.toLowerCase();
  if (unit === "") return m[0].length === text.length ? Number(m[1]) * 1000 : undefined;
  for (const [prefix, multiplier, divisor] of UNITS) {
    if (unit.startsWith(prefix)) return Math.trunc((Number(m[1]) * multiplier) / divisor);
  }
  return undefined;
}

/** The common spellings (`10`, `10s`) without a regular expression; -1 where it is another. */
function shortTimeMs(text: string): number {
  let value = 0;
  for (let i = 0; i < text.length && i < 9; i++) {
    const c = text.charCodeAt(i);
    if (c >= 0x30 && c <= 0x39) value = value * 10 + c - 0x30;
    else return i > 0 && c === 0x73 && i === text.length - 1 ? value * 1000 : -1;
  }
  return text.length > 0 && text.length < 9 ? value * 1000 : -1;
}

/**
 * An operation's interval in milliseconds: as a time-out, or an ISO 8601 duration (of which Pacemaker 2.1.5 drops one
 * day where days are given, and one year where years are). 0 where the text is neither.
 */
export function parseIntervalMs(text: string): number {
  if (text.charCodeAt(0) !== 0x50 /* P */) return Math.min(parseTimeMs(text) ?? 0, MAX_INTERVAL_MS);
  const duration = parseDuration(text);
  if (!duration) return 0;
  const days = Math.max(duration.days - 1, 0) + duration.months * 30 + Math.max(duration.years - 1, 0) * 365;
  return Math.max(0, Math.min((days * DAY_SECONDS + duration.seconds) * 1000, MAX_INTERVAL_MS));
}
