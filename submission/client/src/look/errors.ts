import { LapwingError } from "../core/errors.ts";
import type { WhyNot } from "./finding.ts";

const MESSAGES: Record<WhyNot, string> = {
  unknown: "this kind of file cannot be cleaned here",
  damaged: "the file is damaged; open it and save it anew",
  "too-large": "the file unpacks to more than can be looked at here",
  encrypted: "the file is locked with a password; save it without one",
  embedded: "the file holds another file that cannot be cleaned here",
  script: "the file holds a program",
  raw: "raw camera files cannot be cleaned here; save the picture as JPEG",
  structure: "the file is built in a way that cannot be cleaned here for certain",
};

/** No clean copy of a file can be vouched for; `kind` says why. */
export class LookError extends LapwingError<WhyNot> {
  constructor(kind: WhyNot) {
    super(MESSAGES[kind], kind);
  }
}
