/** The weekly key sheet: to whom a source seals this week. Read as wire/keysheet.py does. */

import { sha256 } from "@noble/hashes/sha2.js";

import { decodeEnvelope, verify } from "./dsse.ts";
import { dump, equal, hex } from "./encoding.ts";
import { EnvelopeError, KeyFormatError, KeySheetError } from "./errors.ts";
import { type Fields, parse } from "./fields.ts";
import { decodeRecipient, encodeRecipient, RECIPIENT_TEXT_SIZE } from "./recipient.ts";
import { type Roster, ROSTER_LIMITS } from "./roster.ts";
import { isDay, spanOf } from "./week.ts";

export const SHEET_PAYLOAD_TYPE = "application/vnd.lapwing.key-sheet+json";

const PAYLOAD_LIMIT = 64 * 1024; // bytes
const SHELF_BITS = 16;

/** A reviewer's period key: an id of the roster and a post-quantum recipient of 1,216 bytes. */
export interface SheetKey {
  readonly reviewer: string;
  readonly recipient: Uint8Array;
}

/** Everything that is sealed in a week is sealed to this. */
export interface KeySheet {
  /** 16 bytes. */
  readonly instance: Uint8Array;
  /** Written `2026-W48`; in force from its Monday for eight days. */
  readonly week: string;
  readonly rosterVersion: number;
  /** SHA-256 of that roster's payload, 32 bytes. */
  readonly roster: Uint8Array;
  /** One of each reviewer, in the roster's order. */
  readonly keys: readonly SheetKey[];
  /** SHA-256 of the scripted page, 32 bytes, if there is one. */
  readonly pageBundle?: Uint8Array;
  /** SHA-256 of the offline sealer, 32 bytes, if there is one. */
  readonly sealer?: Uint8Array;
  /** How many bits of a source's shelf value name the shelf, 0 to 16. */
  readonly shelfBits: number;
  /** SHA-256 of the payload, 32 bytes, by which a letter names the sheet. */
  readonly digest: Uint8Array;
}

const malformed = (message: string): KeySheetError => new KeySheetError(message, "malformed");

/**
 * The key sheet that enough reviewers signed and that is in force today.
 *
 * @param untrusted an envelope, as it came
 * @param roster the one in force, from openRoster
 * @param today the reader's own date (UTC), `YYYY-MM-DD`
 *
 * Throws KeySheetError: "malformed", signed by too few ("signature"), for another roster or without one of its
 * reviewers ("roster"), or not in force today ("expired").
 */
export function openSheet(untrusted: Uint8Array, roster: Roster, today: string): KeySheet {
  const sheet = decodeSheet(signedPayload(untrusted, roster));
  checkBelongs(sheet, roster);
  if (!isDay(today)) throw new RangeError("today must be a day, written YYYY-MM-DD");
  const span = spanOf(sheet.week);
  if (span === undefined || today < span.monday || today >= span.ends) {
    throw new KeySheetError("key sheet: not in force today; get the one of this week", "expired");
  }
  return sheet;
}

/** Throws KeySheetError ("roster") unless the sheet is for this roster and has every reviewer, in its order. */
export function checkBelongs(sheet: KeySheet, roster: Roster): void {
  const same = sheet.rosterVersion === roster.version && equal(sheet.roster, roster.digest);
  if (!same || !equal(sheet.instance, roster.instance)) throw new KeySheetError("key sheet: for another roster", "roster");
  const inOrder = sheet.keys.every((one, at) => one.reviewer === roster.reviewers[at]?.id);
  if (!inOrder || sheet.keys.length !== roster.reviewers.length) {
    throw new KeySheetError("key sheet: not exactly one key for each reviewer in the roster's order", "roster");
  }
}

/** Reads a payload; not trusted before its signatures were checked (`openSheet`). Throws KeySheetError ("malformed"). */
export function decodeSheet(untrusted: Uint8Array): KeySheet {
  const fields = parse(untrusted, PAYLOAD_LIMIT, "key sheet", malformed);
  fields.integer("v", 1, 1);
  const sheet: Omit<KeySheet, "digest"> = {
    instance: fields.hex("instance", 16),
    week: readWeek(fields),
    rosterVersion: fields.integer("roster_version", 1, ROSTER_LIMITS.version),
    roster: fields.hex("roster", 32),
    keys: fields.objects("keys", ROSTER_LIMITS.reviewers, 2).map(readKey),
    ...(fields.has("page_bundle") ? { pageBundle: fields.hex("page_bundle", 32) } : {}),
    ...(fields.has("sealer") ? { sealer: fields.hex("sealer", 32) } : {}),
    shelfBits: fields.integer("shelf_bits", 0, SHELF_BITS),
  };
  fields.end();
  if (!equal(encode(sheet), untrusted)) throw malformed("key sheet: not in its one encoding");
  return { ...sheet, digest: sha256(untrusted) };
}

function signedPayload(untrusted: Uint8Array, roster: Roster): Uint8Array {
  try {
    const envelope = decodeEnvelope(untrusted);
    verify(envelope, SHEET_PAYLOAD_TYPE, roster.reviewers.map((one) => one.key), roster.approvals);
    return envelope.payload;
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    if (error.kind === "malformed") throw malformed("key sheet: not a signed envelope, or damaged");
    throw new KeySheetError("key sheet: not signed by enough reviewers", "signature");
  }
}

function encode(sheet: Omit<KeySheet, "digest">): Uint8Array {
  return dump({
    v: 1,
    instance: hex(sheet.instance),
    week: sheet.week,
    roster_version: sheet.rosterVersion,
    roster: hex(sheet.roster),
    keys: sheet.keys.map((one) => ({ reviewer: one.reviewer, recipient: encodeRecipient(one.recipient) })),
    ...(sheet.pageBundle === undefined ? {} : { page_bundle: hex(sheet.pageBundle) }),
    ...(sheet.sealer === undefined ? {} : { sealer: hex(sheet.sealer) }),
    shelf_bits: sheet.shelfBits,
  });
}

/** The week in a field named `week`, `2026-W48`. */
export function readWeek(fields: Fields): string {
  const week = fields.text("week", 8, 8);
  return spanOf(week) === undefined ? fields.refuse("week", "is not a week") : week;
}

function readKey(fields: Fields): SheetKey {
  const reviewer = fields.text("reviewer", 32, 1);
  const recipient = readRecipient(fields.text("recipient", RECIPIENT_TEXT_SIZE, RECIPIENT_TEXT_SIZE));
  fields.end();
  return { reviewer, recipient };
}

function readRecipient(text: string): Uint8Array {
  try {
    return decodeRecipient(text);
  } catch (error) {
    if (error instanceof KeyFormatError) throw malformed("key sheet: keys recipient is not a post-quantum recipient");
    throw error;
  }
}
