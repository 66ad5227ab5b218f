/** The letter: what a source wrote, as it stands inside the seal, with one MAC for each reviewer; as wire/letter.py. */

import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { letterMacKey } from "./conversation.ts";
import { base64, concat, dump, hex, utf8, type Json } from "./encoding.ts";
import { KeyFormatError, LetterError } from "./errors.ts";
import type { SealedFiles } from "./files.ts";
import type { Roster } from "./roster.ts";

export const LETTER_SIZE = 65_536;

/** What a letter may hold. */
export const LIMITS = {
  story: 4_000, // bytes of UTF-8
  fields: 6_000, // bytes of compact JSON
  number: 1_000_000,
} as const;

const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$/;
const MAC_CONTEXT = utf8("lapwing/v1/letter");

/** A tip or follow-up. */
export interface Letter {
  readonly instance: Uint8Array; // 16 bytes
  readonly sheet: Uint8Array; // SHA-256 of the key sheet, 32 bytes
  readonly week: string; // of that sheet
  readonly conversation: Uint8Array; // the source's X25519 public key, 32 bytes
  readonly tip: Uint8Array; // 16 bytes; a form sent twice has the same
  readonly number: number; // 1 for the first letter of the conversation, then counting
  readonly sealed: "before" | "device";
  readonly replyTo: Uint8Array; // recipient, 1,216 bytes
  readonly shelf: number; // first 16 bits of the source's shelf value
  readonly caseKey: Uint8Array | undefined; // 32 bytes in letter number 1 and in no other
  readonly notTo: readonly string[]; // ids of reviewers who were left out
  readonly language: string;
  readonly fields: { readonly [name: string]: Json }; // at most 6,000 bytes of JSON
  readonly story: string; // at most 4,000 bytes
  readonly listing: SealedFiles;
  readonly claim?: Uint8Array | undefined; // commitment to the keys of claim words, 32 bytes
}

/**
 * Returns the two lines of a letter, without padding and without the last line feed.
 *
 * @param secret the secret half of the conversation key, 32 bytes
 * @param roster one MAC is made for each of its reviewers who is not left out
 * @throws LetterError the values make no letter, or ("sheet") a reviewer's key in the roster is no Ed25519 key
 */
export function encodeLetter(letter: Letter, secret: Uint8Array, roster: Roster): Uint8Array {
  const content = encodeContent(letter);
  const message = concat(MAC_CONTEXT, letter.instance, content);
  // Written out: an object would move a reviewer whose id is a number to the front. Ids are a-z, 0-9 and - (roster.ts).
  const macs = roster.reviewers
    .filter(({ id }) => !letter.notTo.includes(id))
    .map(({ id, key }) => `"${id}":"${hex(hmac(sha256, macKey(secret, key), message))}"`);
  return concat(content, utf8(`\n{"macs":{${macs.join(",")}}}`));
}

/** Returns the first line of a letter, without its line feed; throws `LetterError` if the values make no letter. */
export function encodeContent(letter: Letter): Uint8Array {
  checkLetter(letter);
  return dump({
    v: 1,
    instance: hex(letter.instance),
    sheet: hex(letter.sheet),
    week: letter.week,
    conversation: hex(letter.conversation),
    tip: hex(letter.tip),
    number: letter.number,
    sealed: letter.sealed,
    reply_to: base64(letter.replyTo),
    shelf: letter.shelf,
    ...(letter.caseKey === undefined ? {} : { case_key: hex(letter.caseKey) }),
    ...(letter.claim === undefined ? {} : { claim: hex(letter.claim) }),
    not_to: letter.notTo,
    language: letter.language,
    fields: letter.fields,
    story: letter.story,
    files: letter.listing.files.map((one) => [one.name, one.type, one.offset, one.length, base64(one.sha256)]),
    parts: letter.listing.parts.map(base64),
    index: letter.listing.index,
  });
}

function checkLetter(letter: Letter): void {
  if (!Number.isInteger(letter.number) || letter.number < 1 || letter.number > LIMITS.number || letter.tip.length !== 16) {
    throw new LetterError("letter: its number is out of range, or its tip id is not 16 bytes");
  }
  if (!LANGUAGE.test(letter.language)) throw new LetterError("letter: the language is none");
  if (utf8(letter.story).length > LIMITS.story || dump(letter.fields).length > LIMITS.fields) {
    throw new LetterError("letter: the story or the fields are too long", "too_much");
  }
}

function macKey(secret: Uint8Array, reviewer: Uint8Array): Uint8Array {
  try {
    return letterMacKey(secret, reviewer);
  } catch (error) {
    if (!(error instanceof KeyFormatError)) throw error;
    throw new LetterError("letter: a reviewer's key in the roster is no ed25519 key", "sheet");
  }
}
