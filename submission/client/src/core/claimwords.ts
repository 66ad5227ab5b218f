/**
 * Claim words: four words and a number, from which the keys of a claim follow; as crypto/claim.py. Whoever has the words
 * can prove that they wrote the tip (docs/decisions/0034).
 */

import { sha256 } from "@noble/hashes/sha2.js";

import { argon2id } from "./argon2.ts";
import { concat, utf8 } from "./bytes.ts";
import { encodePositions, LABEL, LIST_ID, randomPosition, splitWords, type WordList } from "./codename.ts";
import { ClaimWordsError, KeyFormatError } from "./errors.ts";

/** Four positions on the word list, from 0. */
export type ClaimWords = readonly number[];

const WORDS = 4;
const ID_SIZE = 16; // bytes of an instance id, a tip id and a salt
const COUNT = `claim words are ${WORDS} words and a number of two digits: enter all of it, and nothing else`;

/** New random claim words. They are never chosen: what people choose can be guessed. */
export function newClaimWords(): ClaimWords {
  return Array.from({ length: WORDS }, randomPosition);
}

/**
 * The claim words that a person typed, in any case and spacing, with or without hyphens. Throws ClaimWordsError: "count" if
 * there are not four words and a number, "unknown" if a word is not on the list (with its `position`, 1 to 4, and not the
 * word), "check" if they do not belong together.
 */
export function parseClaimWords(text: string, list: WordList): ClaimWords {
  const pieces = splitWords(text, list);
  const number = pieces.at(-1) ?? "";
  if (pieces.length !== WORDS + 1 || !/^[0-9]{2}$/.test(number)) throw new ClaimWordsError(COUNT, "count");
  const positions = pieces.slice(0, -1).map((word, at) => {
    const position = list.position(word);
    if (position === undefined) {
      throw new ClaimWordsError(`word ${at + 1} is not on the list: check its spelling`, "unknown", at + 1);
    }
    return position;
  });
  if (numberOf(positions) !== number) {
    const message = "words and number do not belong together: check the spelling and the order of each";
    throw new ClaimWordsError(message, "check");
  }
  return positions;
}

/** The four words and the number with a space between them, for the person to write down. */
export function showClaimWords(words: ClaimWords, list: WordList): string {
  return `${words.map((position) => list.words[position]).join(" ")} ${numberOf(words)}`;
}

/**
 * What the keys of claim words for one tip are made of, 32 bytes, secret: Argon2id (version 1.3, 65,536 KiB, 6 passes, 1
 * lane). It takes 64 MiB, and ten times as long as a codename: some seconds with a JIT, 40 without one.
 *
 * @param salt as `claimSalt` makes it, or as a challenge brings it: 16 bytes; throws KeyFormatError for another length
 * @param progress called some four hundred times with how much is done, 0 to 1. What it throws ends the derivation.
 */
export async function stretchClaim(
  words: ClaimWords,
  salt: Uint8Array,
  progress: (done: number) => void = () => undefined,
): Promise<Uint8Array> {
  if (salt.length !== ID_SIZE) throw new KeyFormatError(`the salt of a claim has ${ID_SIZE} bytes`);
  const secret = concat(utf8(`${LABEL}claim${LIST_ID}`), encodePositions(words));
  return argon2id(secret, salt, { memory: 65_536, passes: 6 }, progress);
}

/**
 * The salt, 16 bytes, for one tip of one organisation, so that no table of guesses serves two.
 *
 * @param instance the organisation, 16 bytes
 * @param tip the letter's tip id, 16 bytes; throws KeyFormatError if one of them has another length
 */
export function claimSalt(instance: Uint8Array, tip: Uint8Array): Uint8Array {
  if (instance.length !== ID_SIZE || tip.length !== ID_SIZE) {
    throw new KeyFormatError(`an instance id and a tip id have ${ID_SIZE} bytes`);
  }
  return sha256(concat(utf8(`${LABEL}claim salt`), instance, tip)).slice(0, ID_SIZE);
}

/** Two digits that follow from the words, so that 99 of 100 typing errors are told at once, without stretching. */
function numberOf(words: ClaimWords): string {
  const digest = sha256(concat(utf8(`${LABEL}claim number${LIST_ID}`), encodePositions(words)));
  const number = digest.subarray(0, 8).reduce((remainder, byte) => (remainder * 256 + byte) % 100, 0);
  return String(number).padStart(2, "0");
}
