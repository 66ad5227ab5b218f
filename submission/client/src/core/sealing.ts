/** Sealing a letter while its files come in; as wire/sealing.py. Opens nothing. */

import type { CodenameKeys } from "./codename.ts";
import { dump, utf8, type Json } from "./encoding.ts";
import { KeySheetError, LetterError } from "./errors.ts";
import { UNKNOWN_TYPE, type File } from "./files.ts";
import { encodeLetter, LETTER_SIZE, LIMITS, type Letter } from "./letter.ts";
import { FilesSealer, type Store } from "./parts.ts";
import type { Roster } from "./roster.ts";
import { plaintextSizeFor } from "./seal.ts";
import { shelfOf } from "./shelf.ts";
import { checkBelongs, type KeySheet } from "./sheet.ts";
import { sealerTo } from "./stanzas.ts";

export const SOURCE_FILES = 100;

const EXCERPT = 500; // characters of a long story that stay in the letter
const SHORT_TYPE = 32; // bytes of a media type that are kept when room is short
const SPACE = 0x20;
const LINE_FEED = 0x0a;

/**
 * Seals one letter: for each file `startFile`, `write`, `endFile`; then `finish`. Memory stays at a few MiB, whatever the
 * size of the files. Each call that gives a promise must have ended before the next one begins; what `store` throws ends
 * the sealing, so try again there, not here.
 */
export class LetterSealer {
  readonly #sheet: KeySheet;
  readonly #roster: Roster;
  readonly #keys: CodenameKeys;
  readonly #sealed: "before" | "device";
  readonly #notTo: readonly string[];
  readonly #files: FilesSealer;
  #busy = false;

  /**
   * @param options.sheet the key sheet in force
   * @param options.roster the roster that the sheet belongs to
   * @param options.keys what the source's codename derives
   * @param options.notTo ids of reviewers to leave out
   * @param options.store takes each finished part, 1,048,576 bytes, in order; the sealing waits for it
   * @throws LetterError ("sheet") sheet and roster do not belong together, who is left out is not on the sheet, or nobody remains
   */
  constructor(options: {
    readonly sheet: KeySheet;
    readonly roster: Roster;
    readonly keys: CodenameKeys;
    readonly sealed: "before" | "device";
    readonly notTo: readonly string[];
    readonly store: Store;
  }) {
    const { sheet, roster } = options;
    try {
      checkBelongs(sheet, roster);
    } catch (error) {
      if (!(error instanceof KeySheetError)) throw error;
      throw new LetterError("letter: the key sheet is not of this roster", "sheet");
    }
    this.#sheet = sheet;
    this.#roster = roster;
    this.#keys = options.keys;
    this.#sealed = options.sealed;
    this.#notTo = [...new Set(options.notTo)].sort();
    this.#files = new FilesSealer(sheet, options.store, this.#notTo);
  }

  /**
   * Begins a file.
   *
   * @param name as the browser gave it; made fit to be a name
   * @param type as the browser gave it; anything unfit becomes `application/octet-stream`
   * @throws LetterError the one before was not ended, or ("too_much") there are 100 files already
   */
  startFile(name: string, type: string): void {
    if (this.#files.count >= SOURCE_FILES) {
      throw new LetterError(`file: over ${SOURCE_FILES} in one letter; send the others as a follow-up`, "too_much");
    }
    this.#files.startFile(name, type);
  }

  /** Takes the next bytes of the file, any number. Throws `LetterError`: none was begun, or ("too_much") all are over 32 GiB. */
  async write(data: Uint8Array): Promise<void> {
    await this.#alone(() => this.#files.write(data));
  }

  /** Ends the file; throws `LetterError` if none was begun. */
  endFile(): void {
    this.#files.endFile();
  }

  /**
   * Pads and hands out the last parts, and returns the letter, 65,536 bytes. Call it once. Half of a surrogate pair in
   * story or answers becomes U+FFFD, as it does in a form that a browser sends.
   *
   * @param options.tip 16 random bytes; the same when the same form is sent again
   * @param options.number 1 for the first letter of a codename, then counting
   * @param options.language such as `en`
   * @param options.fields the answers of the tip form, at most 6,000 bytes of JSON
   * @param options.story any length; one of more than 4,000 bytes (as JSON writes it) becomes the file `story.txt`, and its
   *   first 500 characters stay in the letter
   * @param options.claim commitment (32 bytes) to the keys of claim words, if the source chose to make some
   * @throws LetterError a file was not ended, a value is out of range, or ("too_much") it does not fit
   */
  async finish(options: {
    readonly tip: Uint8Array;
    readonly number: number;
    readonly language: string;
    readonly fields: { readonly [name: string]: Json };
    readonly story: string;
    readonly claim?: Uint8Array | undefined;
  }): Promise<Uint8Array> {
    const fields = Object.fromEntries(Object.entries(options.fields).map(([name, answer]) => [name, mended(answer)]));
    const whole = mended(options.story);
    if (dump(fields).length > LIMITS.fields) {
      throw new LetterError(`letter: the answers are over ${LIMITS.fields} bytes; shorten them`, "too_much");
    }
    let letter: Letter | undefined;
    await this.#alone(async () => {
      const story = jsonSize(whole) > LIMITS.story ? await this.#putIntoFile(whole) : whole;
      letter = {
        instance: this.#sheet.instance,
        sheet: this.#sheet.digest,
        week: this.#sheet.week,
        conversation: this.#keys.conversationPublic,
        tip: options.tip,
        number: options.number,
        sealed: this.#sealed,
        replyTo: this.#keys.replyRecipient,
        shelf: shelfOf(this.#keys.shelf),
        caseKey: options.number === 1 ? this.#keys.caseKey : undefined,
        notTo: this.#notTo,
        language: options.language,
        fields,
        story,
        listing: await this.#files.finish(),
        claim: options.claim,
      };
    });
    return this.#seal(letter!);
  }

  async #putIntoFile(story: string): Promise<string> {
    this.#files.startFile("story.txt", "text/plain");
    await this.#files.write(utf8(story));
    this.#files.endFile();
    return [...story].slice(0, EXCERPT).join("");
  }

  #seal(letter: Letter): Uint8Array {
    const sealer = sealerTo(this.#sheet, this.#notTo);
    // A letter is one chunk, and one chunk reaches every size.
    const room = plaintextSizeFor(sealer.headerSize, LETTER_SIZE)! - 1;
    let lines = encodeLetter(letter, this.#keys.conversation, this.#roster);
    if (lines.length > room) {
      const files = letter.listing.files.map(withShortType);
      lines = encodeLetter({ ...letter, listing: { ...letter.listing, files } }, this.#keys.conversation, this.#roster);
    }
    if (lines.length > room) {
      throw new LetterError("letter: too full; shorten the story or send some files as a follow-up", "too_much");
    }
    const plaintext = new Uint8Array(room + 1).fill(SPACE);
    plaintext.set(lines);
    plaintext[room] = LINE_FEED;
    const whole = new Uint8Array(LETTER_SIZE);
    whole.set(sealer.start);
    whole.set(sealer.chunk(plaintext, true), sealer.start.length);
    return whole;
  }

  /** Bytes that were taken out of order would be sealed out of order, and nobody would see it before a reviewer does. */
  async #alone(step: () => Promise<void>): Promise<void> {
    if (this.#busy) throw new LetterError("letter: the call before has not ended, or has failed");
    this.#busy = true;
    await step();
    this.#busy = false;
  }
}

function mended<T extends Json>(value: T): T | string {
  return typeof value === "string" ? value.replace(/\p{Surrogate}/gu, "\ufffd") : value;
}

/** The bytes of text as it stands in JSON, without the quotes: what it takes up in a letter. */
function jsonSize(text: string): number {
  return dump({ "": text }).length - dump({ "": "" }).length;
}

function withShortType(file: File): File {
  return file.type.length <= SHORT_TYPE ? file : { ...file, type: UNKNOWN_TYPE };
}
