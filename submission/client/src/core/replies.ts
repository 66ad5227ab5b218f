/** A source's replies, picked from a whole shelf with the codename's keys; as wire/mailbox.py and wire/reply.py. */

import { sha256 } from "@noble/hashes/sha2.js";

import type { CodenameKeys } from "./codename.ts";
import { decodeEnvelope, verify } from "./dsse.ts";
import { equal, hex, parse } from "./encoding.ts";
import { LapwingError, ReplyError } from "./errors.ts";
import { identityFromSeed, type HybridIdentity } from "./hybrid.ts";
import { LIMITS as LETTER_LIMITS } from "./letter.ts";
import { pause } from "./pause.ts";
import type { Roster } from "./roster.ts";
import { readWeek } from "./sheet.ts";
import { unseal } from "./unseal.ts";

export const REPLY_SIZE = 16_384;
export const REPLY_PAYLOAD_TYPE = "application/vnd.lapwing.reply+json";

const TEXT_LIMIT = 8_000; // bytes of UTF-8
const NUMBER_LIMIT = 1_000_000;
const GAPS = 64; // that are told at most
const AT_ONCE = 4; // tries in a row: a fifth of a second without a JIT

/** One reply of one reviewer, signed by that reviewer, to this source. */
export interface Reply {
  /** Id of who wrote it, in the roster named below. */
  readonly reviewer: string;
  /** Counted by each reviewer in each conversation, from 1, so that a gap shows. */
  readonly number: number;
  /** Number of the last letter of the conversation that the reviewer had seen. */
  readonly seen: number;
  /** When it was written, `2026-W48`. */
  readonly week: string;
  /** SHA-256 of the payload of the roster then in force, 32 bytes. */
  readonly roster: Uint8Array;
  /** At most 8,000 bytes. */
  readonly text: string;
}

/** What a source finds. */
export interface Mailbox {
  /** By week, last letter seen, reviewer and number. */
  readonly replies: readonly Reply[];
  /** Reviewer and number of each reply that must exist and is not there, at most 64 of them. */
  readonly gaps: readonly (readonly [reviewer: string, number: number])[];
}

/**
 * Tries every letter of a shelf; what is not a genuine reply to this source is passed over in silence. Each try takes
 * about 4 ms with a JIT and 25 to 50 ms without one; other work of the thread has its turn after every fourth.
 *
 * @param shelf sealed replies, 16,384 bytes each, one after the other; bytes after the last whole one are not looked at
 * @param keys what the source's codename derives
 * @param rosters all that the reader holds for genuine
 * @param progress called with how many were tried, and of how many. What it throws ends the search.
 */
export async function openReplies(
  shelf: Uint8Array,
  keys: CodenameKeys,
  rosters: readonly Roster[],
  progress: (tried: number, of: number) => void = () => undefined,
): Promise<Mailbox> {
  const identity = identityFromSeed(keys.replySeed);
  const count = Math.floor(shelf.length / REPLY_SIZE);
  const found = new Map<string, Reply>(); // equal replies are shown once
  for (let tried = 0; tried < count; tried++) {
    progress(tried, count);
    if (tried % AT_ONCE === 0) await pause();
    const reply = open(shelf.subarray(tried * REPLY_SIZE, (tried + 1) * REPLY_SIZE), identity, keys, rosters);
    if (reply !== undefined) found.set(nameOf(reply), reply);
  }
  progress(count, count);
  const replies = [...found.values()].sort(inOrder);
  return { replies, gaps: gapsIn(replies) };
}

function open(
  sealed: Uint8Array,
  identity: HybridIdentity,
  keys: CodenameKeys,
  rosters: readonly Roster[],
): Reply | undefined {
  const plaintext = unseal(sealed, identity);
  if (plaintext === undefined) return undefined;
  try {
    return readReply(withoutPadding(plaintext), identity, keys, rosters);
  } catch (error) {
    if (error instanceof LapwingError) return undefined;
    throw error;
  }
}

/** Throws `LapwingError` unless these bytes are an envelope with a reply that one of the rosters' reviewers signed to this source. */
function readReply(
  untrusted: Uint8Array,
  identity: HybridIdentity,
  keys: CodenameKeys,
  rosters: readonly Roster[],
): Reply {
  const envelope = decodeEnvelope(untrusted, REPLY_SIZE);
  const fields = parse(envelope.payload, REPLY_SIZE, "reply", (message) => new ReplyError(message));
  fields.integer("v", 1, 1);
  const instance = fields.hex("instance", 16);
  const conversation = fields.hex("conversation", 32);
  const reply: Reply = {
    reviewer: fields.text("reviewer", 32, 1),
    number: fields.integer("number", 1, NUMBER_LIMIT),
    seen: fields.integer("seen", 1, LETTER_LIMITS.number),
    week: readWeek(fields),
    roster: fields.hex("roster", 32),
    text: fields.text("text", TEXT_LIMIT),
  };
  const recipient = fields.hex("recipient", 32);
  fields.end();
  // Whoever is sealed to stands inside the signature: a reply cannot be passed on to another source.
  if (!equal(recipient, sha256(identity.recipient)) || !equal(conversation, keys.conversationPublic)) {
    throw new ReplyError("reply: to another source");
  }
  const roster = rosters.find((one) => equal(one.digest, reply.roster) && equal(one.instance, instance));
  const reviewer = roster?.reviewers.find(({ id }) => id === reply.reviewer);
  if (reviewer === undefined) throw new ReplyError("reply: made under an unknown roster, or by nobody on it");
  verify(envelope, REPLY_PAYLOAD_TYPE, [reviewer.key]);
  return reply;
}

/** Spaces and line feeds follow the envelope. */
function withoutPadding(plaintext: Uint8Array): Uint8Array {
  const end = plaintext.findLastIndex((byte) => byte !== 0x20 && byte !== 0x0a);
  return plaintext.subarray(0, end + 1);
}

function nameOf(reply: Reply): string {
  return JSON.stringify([reply.week, reply.seen, reply.reviewer, reply.number, hex(reply.roster), reply.text]);
}

function inOrder(one: Reply, other: Reply): number {
  return (
    compare(one.week, other.week) ||
    one.seen - other.seen ||
    compare(one.reviewer, other.reviewer) ||
    one.number - other.number ||
    compare(one.text, other.text)
  );
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function gapsIn(replies: readonly Reply[]): Mailbox["gaps"] {
  const gaps: [string, number][] = [];
  for (const reviewer of [...new Set(replies.map((reply) => reply.reviewer))].sort()) {
    const numbers = new Set(replies.filter((reply) => reply.reviewer === reviewer).map(({ number }) => number));
    const last = Math.max(...numbers);
    for (let number = 1; number < last && gaps.length < GAPS; number++) {
      if (!numbers.has(number)) gaps.push([reviewer, number]);
    }
  }
  return gaps;
}

/**
 * A number for the next letter, 2 to 1,000,000, that none of those has which a reviewer had seen. One reviewer who
 * claims to have seen the last number there is cannot stop the source from writing.
 */
export function nextNumber(replies: readonly Pick<Reply, "seen">[]): number {
  return Math.min(LETTER_LIMITS.number, 1 + Math.max(1, ...replies.map(({ seen }) => seen)));
}
