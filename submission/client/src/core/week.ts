/** Calendar weeks (ISO 8601) and days in UTC, reckoned from text alone: the client's core has no clock. */

const DAY = 86_400_000; // milliseconds
const WRITTEN_DAY = /^(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const WRITTEN_WEEK = /^(2[0-9]{3})-W([0-5][0-9])$/;

/** The first day of a week, and the first on which its key sheet is no longer in force: eight days later. `YYYY-MM-DD`. */
export interface Span {
  readonly monday: string;
  readonly ends: string;
}

/** Whether text is a day that exists, written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  return WRITTEN_DAY.test(text) && written(Date.parse(`${text}T00:00:00Z`)) === text;
}

/** When the week written `2026-W48` is in force; undefined if there is no such week or it is written otherwise. */
export function spanOf(week: string): Span | undefined {
  const match = WRITTEN_WEEK.exec(week);
  if (match === null) return undefined;
  const year = Number(match[1]);
  const number = Number(match[2]);
  const monday = firstMonday(year) + (number - 1) * 7 * DAY;
  if (number < 1 || monday >= firstMonday(year + 1)) return undefined;
  return { monday: written(monday), ends: written(monday + 8 * DAY) };
}

/** The Monday of the week that holds 4 January, which is week 1. */
function firstMonday(year: number): number {
  const fourth = Date.UTC(year, 0, 4);
  return fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * DAY;
}

function written(time: number): string {
  return Number.isNaN(time) ? "" : new Date(time).toISOString().slice(0, 10);
}
