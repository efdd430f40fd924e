import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addDuration,
  calendarTime,
  daysInMonth,
  parseDate,
  parseDuration,
  parseIntervalMs,
  parseTimeMs,
  printDate,
} from "../../../../model/cluster/cib/dates.js";

const instants = fc.integer({ min: -50_000_000_000, max: 200_000_000_000 });
const pad = (n: number, width = 2): string => String(n).padStart(width, "0");

describe("dates", () => {
  test("the calendar agrees with the platform's, at any instant", () => {
    fc.assert(
      fc.property(instants, (at) => {
        const c = calendarTime(at);
        const d = new Date(at * 1000);
        expect([c.year, c.month, c.day, c.hours, c.minutes, c.seconds]).toEqual([
          d.getUTCFullYear(),
          d.getUTCMonth() + 1,
          d.getUTCDate(),
          d.getUTCHours(),
          d.getUTCMinutes(),
          d.getUTCSeconds(),
        ]);
        expect(c.weekDay % 7).toBe(d.getUTCDay());
      }),
    );
  });

  test("calendar, ordinal and week dates of one instant are read as that instant", () => {
    fc.assert(
      fc.property(fc.integer({ min: -2_000_000_000, max: 20_000_000_000 }), (at) => {
        const c = calendarTime(at);
        const time = `${pad(c.hours)}:${pad(c.minutes)}:${pad(c.seconds)}`;
        expect(parseDate(printDate(at))).toBe(at);
        expect(parseDate(`${pad(c.year, 4)}-${pad(c.yearDay, 3)}T${time}`)).toBe(at);
        expect(parseDate(`${pad(c.weekYear, 4)}-W${pad(c.week)}-${c.weekDay} ${time}`)).toBe(at);
      }),
    );
  });

  test.each([
    ["2005-020T12:30", "2005-01-20 12:30:00Z"],
    ["2005-W03-4", "2005-01-20 00:00:00Z"],
    ["20050120T123045", "2005-01-20 12:30:45Z"],
    ["2009-W01-1", "2008-12-29 00:00:00Z"],
    ["2005-01-20T24:00:00", "2005-01-21 00:00:00Z"],
    ["2005-01-20T12:30:45 +02:00", "2005-01-20 10:30:45Z"],
    ["2005-01-20 12:30 -0530", "2005-01-20 18:00:00Z"],
    // As iso8601 of Pacemaker 2.1.5: an offset that follows the time directly is not read.
    ["2005-01-20T12:30:45+14:00", "2005-01-20 12:30:45Z"],
  ])("%s is %s, as Pacemaker's iso8601 reads it", (text, printed) => {
    expect(printDate(parseDate(text)!)).toBe(printed);
  });

  test.each(["2005-02-30", "2005-13-01", "2005-366", "2005-000", "2005-W53-1", "2005-01-20T12:60", "garbage", ""])(
    "%j is no date",
    (text) => {
      expect(parseDate(text)).toBeUndefined();
    },
  );

  test("a month later is the same day, or the month's last", () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: -600, max: 600 }), (at, months) => {
        const c = calendarTime(at);
        const later = calendarTime(addDuration(at, { years: 0, months, days: 0, seconds: 0 }));
        expect(later.year * 12 + later.month).toBe(c.year * 12 + c.month + months);
        expect(later.day).toBe(Math.min(c.day, daysInMonth(later.year, later.month)));
      }),
    );
  });

  test("a year after the 29th of February is the 1st of March", () => {
    const end = addDuration(parseDate("2004-02-29")!, parseDuration("P1Y")!);
    expect(printDate(end)).toBe("2005-03-01 00:00:00Z");
  });

  test.each([
    ["5", 5000],
    ["5min", 300_000],
    ["5minutes", 300_000],
    ["5ms", 5],
    ["5us", 0],
    ["5hr", 18_000_000],
    ["1.5min", 60_000],
    [" 5s ", 5000],
    ["5d", undefined],
    ["-5", undefined],
    ["INFINITY", undefined],
    ["", undefined],
    ["PT5M", undefined],
  ])("the time-out %j is %s ms, as crm_simulate shows it", (text, ms) => {
    expect(parseTimeMs(text)).toBe(ms);
  });

  test.each([
    ["PT5M", 300_000],
    ["P2D", 86_400_000],
    ["P1M", 2_592_000_000],
    ["P2M", 4_294_967_295],
    ["5x", 0],
  ])("the interval %j is %s ms, as crm_simulate shows it", (text, ms) => {
    expect(parseIntervalMs(text)).toBe(ms);
  });
});
