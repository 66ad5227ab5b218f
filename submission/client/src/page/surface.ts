// What every part of the page works with, and how it says what went wrong.
import type { Language, Say } from "../words/say.ts";
import { CODENAME, REFUSED, TROUBLE } from "../words/trouble.ts";
import { TransportError, type World } from "./transport.ts";
import { RefusedError, type Workshop } from "./workshop.ts";

export interface Surface {
  readonly say: Say;
  readonly language: Language;
  readonly workshop: Workshop;
  readonly world: World;
  /** The organisation's root key, in hexadecimal, as the page carries it. */
  readonly root: string;
  /** The hash of the page's own script, as its element names it; null when that is not known. */
  readonly bundle: string | null;
  /** Most bytes of files in one letter. */
  readonly most: number;
}

/** Today by the device's own clock, in UTC: the day by which rosters and key sheets count. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** What to tell the source about an error, whatever it is. */
export function explain(say: Say, error: unknown): string {
  if (error instanceof TransportError) {
    return say(TROUBLE[error.trouble], { time: String(Math.max(1, Math.round(error.seconds / 60))) });
  }
  const broken = REFUSED["broken"] ?? TROUBLE.fault;
  if (!(error instanceof RefusedError)) return say(broken);
  const { what, kind, position } = error.refusal;
  if (what === "codename") return say(CODENAME[kind] ?? broken, { position: String(position ?? 0) });
  return say(REFUSED[`${what} ${kind}`] ?? REFUSED[what] ?? broken);
}

/** Whether something ended because the source stopped it. */
export function isStop(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted || (error instanceof RefusedError && error.refusal.what === "stopped");
}
