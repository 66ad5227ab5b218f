/** The errors of the sealing client, as one tree. A message names the thing and the remedy and never repeats what was given. */

/** The root: catch it to catch everything that the client refuses. `kind` is a word to choose what is shown by. */
export class LapwingError<Kind extends string = string> extends Error {
  readonly kind: Kind;

  constructor(message: string, kind: Kind) {
    super(message);
    this.kind = kind;
  }
}

/** Bytes or values are not in the one encoding that docs/format.md gives them. */
export class EncodingError extends LapwingError<"malformed"> {
  constructor(message: string) {
    super(message, "malformed");
  }
}

/**
 * The text is no codename: there are not eight words ("count"), a word is not on the list ("unknown", and `position`
 * says which one, 1 to 8), or the words do not belong together ("check").
 */
export class CodenameError extends LapwingError<"count" | "unknown" | "check"> {
  readonly position: number | undefined;

  constructor(message: string, kind: "count" | "unknown" | "check", position?: number) {
    super(message, kind);
    this.position = position;
  }
}

/**
 * The text is no claim words: there are not four words and a number ("count"), a word is not on the list ("unknown", and
 * `position` says which one, 1 to 4), or the number does not confirm the words ("check").
 */
export class ClaimWordsError extends LapwingError<"count" | "unknown" | "check"> {
  readonly position: number | undefined;

  constructor(message: string, kind: "count" | "unknown" | "check", position?: number) {
    super(message, kind);
    this.position = position;
  }
}

/**
 * A challenge or what answers it is malformed, not signed by its office ("signature"), over ("expired"), or about another
 * tip than the claim words are of ("other").
 */
export class ClaimError extends LapwingError<"malformed" | "signature" | "expired" | "other"> {}

/** A raw key, a recipient or the word list is not what it must be. */
export class KeyFormatError extends LapwingError<"key"> {
  constructor(message: string) {
    super(message, "key");
  }
}

/** A signed envelope is malformed, or its signatures do not hold ("signature"). */
export class EnvelopeError extends LapwingError<"malformed" | "signature"> {}

/** A roster is malformed, not signed by the root ("signature"), or expired. */
export class RosterError extends LapwingError<"malformed" | "signature" | "expired"> {}

/** A key sheet is malformed, signed by too few ("signature"), for another roster ("roster"), or not in force ("expired"). */
export class KeySheetError extends LapwingError<"malformed" | "signature" | "roster" | "expired"> {}

/** A letter or its files are malformed, hold too much ("too_much"), or cannot be sealed to this key sheet ("sheet"). */
export class LetterError extends LapwingError<"malformed" | "too_much" | "sheet"> {
  constructor(message: string, kind: "malformed" | "too_much" | "sheet" = "malformed") {
    super(message, kind);
  }
}

/** A reply is malformed, or not made for its reader. It is passed over: nobody who calls openReplies sees this. */
export class ReplyError extends LapwingError<"malformed"> {
  constructor(message: string) {
    super(message, "malformed");
  }
}
