import { LapwingError } from "../core/errors.ts";
import type { WhyNot } from "./finding.ts";

/** No clean copy of a file can be vouched for; `kind` says why, and src/words/look.ts what to do instead. */
export class LookError extends LapwingError<WhyNot> {
  constructor(kind: WhyNot) {
    super("no clean copy of this file can be vouched for; take a screenshot of what matters", kind);
  }
}
