/** Codenames: eight words from which all keys of a source are derived, as crypto/codename.py does. */

import { x25519 } from "@noble/curves/ed25519.js";
import { expand } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { shake256 } from "@noble/hashes/sha3.js";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";

import { argon2id } from "./argon2.ts";
import { concat, hex, utf8 } from "./bytes.ts";
import { CodenameError, KeyFormatError } from "./errors.ts";

/** Eight positions on the word list, from 0: seven drawn at random and one that confirms them. */
export type Codename = readonly number[];

/** What a codename opens. All of it is secret but `replyRecipient` and `conversationPublic`. */
export interface CodenameKeys {
  /** 32 bytes: the identity that opens the replies. */
  readonly replySeed: Uint8Array;
  /** 1,216 bytes: what replies are sealed to. */
  readonly replyRecipient: Uint8Array;
  /** 32 bytes, an X25519 private key. */
  readonly conversation: Uint8Array;
  /** 32 bytes. */
  readonly conversationPublic: Uint8Array;
  /** 32 bytes, the first bits of which name the shelf of the replies. */
  readonly shelf: Uint8Array;
  /** 32 bytes. */
  readonly caseKey: Uint8Array;
}

const LIST_SHA256 = "6d557f0693958fb5e650b68b5bee585eb82cf4da32965505c789e924743bc522";
const LIST_SIZE = 7776;
const WORDS = 8;
const INSTANCE_SIZE = 16;
const TEXT_LIMIT = 1024; // characters
export const LABEL = "lapwing/v1/";
export const LIST_ID = "eff-long-2016";

// White space as Python knows it, which is not quite JavaScript's; the hyphens and dashes that keyboards insert.
const SEPARATORS = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u2010-\u2015\u2212-]+/;

/** The words, in the order that gives each its position. */
export class WordList {
  readonly words: readonly string[];
  readonly #positions: ReadonlyMap<string, number>;

  private constructor(words: readonly string[]) {
    this.words = words;
    this.#positions = new Map(words.map((word, position) => [word, position]));
  }

  /** Reads the EFF long list, 62,144 bytes; throws KeyFormatError unless its SHA-256 is the one that is built in. */
  static parse(text: Uint8Array): WordList {
    if (hex(sha256(text)) !== LIST_SHA256) throw new KeyFormatError("the word list is not the one that codenames use");
    return new WordList(new TextDecoder().decode(text).trim().split("\n"));
  }

  /** The position of a word, from 0; undefined if it is not on the list. */
  position(word: string): number | undefined {
    return this.#positions.get(word);
  }
}

/** A new random codename. Codenames are never chosen: what people choose can be guessed. */
export function newCodename(): Codename {
  const chosen = Array.from({ length: WORDS - 1 }, randomPosition);
  return [...chosen, checkPosition(chosen)];
}

/**
 * The codename that a person typed, in any case and spacing, with or without hyphens. Throws CodenameError: "count" if
 * there are not eight words, "unknown" if one is not on the list (with its `position`, 1 to 8, and not the word),
 * "check" if they do not belong together.
 */
export function parseCodename(text: string, list: WordList): Codename {
  const words = splitWords(text, list);
  if (words.length !== WORDS) {
    throw new CodenameError(`a codename has ${WORDS} words: enter all of them, and nothing else`, "count");
  }
  const positions = words.map((word, at) => {
    const position = list.position(word);
    if (position === undefined) {
      throw new CodenameError(`word ${at + 1} is not on the list: check its spelling`, "unknown", at + 1);
    }
    return position;
  });
  if (positions[WORDS - 1] !== checkPosition(positions.slice(0, -1))) {
    throw new CodenameError("the words do not belong together: check the spelling and the order of each", "check");
  }
  return positions;
}

/** The eight words with a space between them, for the person to write down. */
export function showCodename(codename: Codename, list: WordList): string {
  return codename.map((position) => list.words[position]).join(" ");
}

/**
 * The keys of a codename at one organisation: Argon2id (version 1.3, 19,456 KiB, 2 passes, 1 lane), then one
 * HKDF-SHA-256 expansion for each. A quarter of a second with a JIT, some seconds without one; the thread is given back
 * now and then, so a message to a Worker can make `progress` throw.
 *
 * @param instance the random id of the organisation, 16 bytes; throws KeyFormatError for another length
 * @param progress called some forty times with how much is done, 0 to 1. What it throws ends the derivation.
 */
export async function deriveKeys(
  codename: Codename,
  instance: Uint8Array,
  progress: (done: number) => void = () => undefined,
): Promise<CodenameKeys> {
  if (instance.length !== INSTANCE_SIZE) throw new KeyFormatError(`the instance id has ${INSTANCE_SIZE} bytes`);
  const secret = concat(utf8(`${LABEL}codename${LIST_ID}`), encodePositions(codename.slice(0, -1)));
  const root = await argon2id(secret, instance, { memory: 19_456, passes: 2 }, progress);
  const key = (label: string): Uint8Array => expand(sha256, root, utf8(LABEL + label), 32);
  const replySeed = key("reply identity");
  const conversation = key("conversation");
  return {
    replySeed,
    replyRecipient: recipientOf(replySeed),
    conversation,
    conversationPublic: x25519.getPublicKey(conversation),
    shelf: key("shelf"),
    caseKey: key("case key"),
  };
}

/** The recipient, 1,216 bytes, of an identity's seed, 32 bytes (expandDecapsulationKey of X-Wing). */
export function recipientOf(seed: Uint8Array): Uint8Array {
  const expanded = shake256(seed, { dkLen: 96 });
  const mlkem = ml_kem768.keygen(expanded.subarray(0, 64));
  return concat(mlkem.publicKey, x25519.getPublicKey(expanded.subarray(64)));
}

/** The words of what was typed, on the list or not; none of a text of more than 1,024 characters. */
export function splitWords(text: string, list: WordList): readonly string[] {
  return characters(text) > TEXT_LIMIT ? [] : joinHyphenated(pieces(text), list);
}

/** A random position on the list. */
export function randomPosition(): number {
  for (;;) {
    const [drawn = LIST_SIZE] = crypto.getRandomValues(new Uint16Array(1));
    const position = drawn & 0x1fff;
    if (position < LIST_SIZE) return position; // else draw again: a remainder would favour the first words
  }
}

function checkPosition(positions: readonly number[]): number {
  const digest = sha256(concat(utf8(`${LABEL}check word${LIST_ID}`), encodePositions(positions)));
  return digest.subarray(0, 8).reduce((remainder, byte) => (remainder * 256 + byte) % LIST_SIZE, 0);
}

/** Two bytes for each position, big-endian. */
export function encodePositions(positions: readonly number[]): Uint8Array {
  return Uint8Array.from(positions.flatMap((position) => [position >> 8, position & 255]));
}

function characters(text: string): number {
  return text.length > 2 * TEXT_LIMIT ? text.length : [...text].length;
}

function pieces(text: string): readonly string[] {
  return text.normalize("NFKD").toLowerCase().split(SEPARATORS).filter((piece) => piece !== "");
}

/** Joins again the four words of the list that have a hyphen; the first half of none of them is itself a word. */
function joinHyphenated(found: readonly string[], list: WordList): readonly string[] {
  const words: string[] = [];
  for (const piece of found) {
    const last = words.at(-1);
    const joined = `${last}-${piece}`;
    if (last !== undefined && list.position(last) === undefined && list.position(joined) !== undefined) {
      words[words.length - 1] = joined;
    } else {
      words.push(piece);
    }
  }
  return words;
}
