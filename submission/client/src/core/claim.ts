/**
 * Claims: four words from which two signing keys follow, and the commitment to them that a tip carries; as
 * crypto/claim.py. Whoever has the words can prove that they wrote the tip (docs/decisions/0034).
 */

import { ed25519 } from "@noble/curves/ed25519.js";
import { expand } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { ml_dsa65 } from "@noble/post-quantum/ml-dsa.js";

import { argon2id } from "./argon2.ts";
import { concat, utf8 } from "./bytes.ts";
import { encodePositions, LABEL, LIST_ID, randomPosition, splitWords, type WordList } from "./codename.ts";
import { ClaimWordsError, KeyFormatError } from "./errors.ts";

/** Four positions on the word list, from 0. */
export type ClaimWords = readonly number[];

/** The keys of a claim. All of it is secret but `ed25519`, `mlDsa` and `commitment`. */
export interface ClaimKeys {
  /** Public key, 32 bytes. */
  readonly ed25519: Uint8Array;
  /** Public key of ML-DSA-65, 1,952 bytes. */
  readonly mlDsa: Uint8Array;
  /** What the letter carries, 32 bytes. */
  readonly commitment: Uint8Array;
  /** Both signatures of a message: 64 bytes, and 3,309 which are others each time. One alone proves nothing. */
  readonly sign: (message: Uint8Array) => { readonly ed25519: Uint8Array; readonly mlDsa: Uint8Array };
}

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
 * The keys of claim words for one tip: Argon2id (version 1.3, 65,536 KiB, 6 passes, 1 lane), then one HKDF-SHA-256 expansion
 * for each. It takes 64 MiB, and ten times as long as a codename: some seconds with a JIT, 40 without one.
 *
 * @param salt as `claimSalt` makes it, or as a challenge brings it: 16 bytes; throws KeyFormatError for another length
 * @param progress called some four hundred times with how much is done, 0 to 1. What it throws ends the derivation.
 */
export async function deriveClaim(
  words: ClaimWords,
  salt: Uint8Array,
  progress: (done: number) => void = () => undefined,
): Promise<ClaimKeys> {
  if (salt.length !== ID_SIZE) throw new KeyFormatError(`the salt of a claim has ${ID_SIZE} bytes`);
  const secret = concat(utf8(`${LABEL}claim${LIST_ID}`), encodePositions(words));
  const root = await argon2id(secret, salt, { memory: 65_536, passes: 6 }, progress);
  const seed = (label: string): Uint8Array => expand(sha256, root, utf8(LABEL + label), 32);
  const classic = seed("claim ed25519");
  const postQuantum = ml_dsa65.keygen(seed("claim ml-dsa-65"));
  const publicKey = ed25519.getPublicKey(classic);
  return {
    ed25519: publicKey,
    mlDsa: postQuantum.publicKey,
    commitment: sha256(concat(utf8(`${LABEL}claim commitment`), publicKey, postQuantum.publicKey)),
    sign: (message) => ({
      ed25519: ed25519.sign(message, classic),
      mlDsa: ml_dsa65.sign(message, postQuantum.secretKey),
    }),
  };
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
