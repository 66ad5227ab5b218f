// Days in words. The page has one clock, the computer's own, and says what it shows.
import { spanOf } from "../core/week.ts";
import type { Language } from "../words/say.ts";

const DAY = 86_400_000; // milliseconds

/** Today by the computer's clock, UTC, `YYYY-MM-DD`. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** A day as people say it: "Monday 30 November 2026". */
export function inWords(language: Language, day: string): string {
  const form = new Intl.DateTimeFormat(language === "fr" ? "fr-FR" : "en-GB", { dateStyle: "full", timeZone: "UTC" });
  return form.format(new Date(`${day}T00:00:00Z`));
}

/** The last day of a week's key sheet, `YYYY-MM-DD`; the week is one that openSheet let pass. */
export function lastDay(week: string): string {
  const ends = spanOf(week)?.ends ?? "";
  return new Date(Date.parse(`${ends}T00:00:00Z`) - DAY).toISOString().slice(0, 10);
}
