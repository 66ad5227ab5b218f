// What went wrong in the worker, as words that can cross to the page and say nothing of what was given.
import { ClaimWordsError, CodenameError, KeyFormatError, KeySheetError, LapwingError, LetterError, RosterError } from "../core/errors.ts";
import { FileGoneError } from "../enclosures/sealing.ts";
import { LookError } from "../look/errors.ts";
import type { Refusal } from "./messages.ts";

/** The page's script is another one than the reviewers signed. */
export class BundleError extends LapwingError<"other"> {
  constructor() {
    super("the page's script is not the one that the key sheet names", "other");
  }
}

/** The page asked to stop. */
export class StoppedError extends LapwingError<"stopped"> {
  constructor() {
    super("stopped as asked", "stopped");
  }
}

/** What to tell the page about an error. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof CodenameError || error instanceof ClaimWordsError) {
    const what = error instanceof CodenameError ? "codename" : "claim words";
    return { what, kind: error.kind, ...(error.position === undefined ? {} : { position: error.position }) };
  }
  if (error instanceof FileGoneError) return { what: "file", kind: "gone" };
  if (!(error instanceof LapwingError)) return { what: "broken", kind: "" };
  const { kind } = error;
  if (error instanceof StoppedError) return { what: "stopped", kind };
  if (error instanceof KeyFormatError) return { what: "words", kind };
  if (error instanceof RosterError) return { what: "roster", kind };
  if (error instanceof KeySheetError) return { what: "sheet", kind };
  if (error instanceof BundleError) return { what: "bundle", kind };
  if (error instanceof LetterError) return { what: "letter", kind };
  if (error instanceof LookError) return { what: "look", kind };
  return { what: "broken", kind };
}
