/** The roster: who the reviewers are, signed by the organisation's root key. Read as wire/roster.py does. */

import { sha256 } from "@noble/hashes/sha2.js";

import { decodeEnvelope, verify } from "./dsse.ts";
import { dump, equal, hex, isOneLine } from "./encoding.ts";
import { EnvelopeError, RosterError } from "./errors.ts";
import { type Fields, parse } from "./fields.ts";
import { isDay } from "./week.ts";

export const ROSTER_PAYLOAD_TYPE = "application/vnd.lapwing.roster+json";

/** Most bytes of a payload, and how many reviewers there can be. */
export const ROSTER_LIMITS = { payload: 64 * 1024, reviewers: 16, removed: 64, label: 80, version: 1_000_000 } as const;

/** One reviewer: an id never given to anyone else, a label that a source can understand, an Ed25519 public key of 32 bytes. */
export interface Reviewer {
  readonly id: string;
  readonly label: string;
  readonly key: Uint8Array;
}

/** Someone who is no longer a reviewer; `lastEvent`, 32 bytes, names the last case event of theirs that counts. */
export interface Removed {
  readonly id: string;
  readonly key: Uint8Array;
  readonly lastEvent?: Uint8Array;
}

/** Who the reviewers are. */
export interface Roster {
  readonly version: number;
  /** 16 bytes, made once for ever. */
  readonly instance: Uint8Array;
  /** The last day (UTC) on which it counts, `YYYY-MM-DD`. */
  readonly expires: string;
  /** How many distinct reviewers must sign what counts. */
  readonly approvals: number;
  /** SHA-256 of the next root public key. */
  readonly nextRoot: Uint8Array;
  /** 2 to 16, in the order that key sheets follow. */
  readonly reviewers: readonly Reviewer[];
  readonly removed: readonly Removed[];
  /** SHA-256 of the payload, 32 bytes. */
  readonly digest: Uint8Array;
}

const malformed = (message: string): RosterError => new RosterError(message, "malformed");

/**
 * The roster that the root signed.
 *
 * @param untrusted an envelope, as it came
 * @param root Ed25519 public key of the root, 32 bytes
 * @param today the reader's own date (UTC), `YYYY-MM-DD`
 *
 * Throws RosterError: "malformed", not signed by the root ("signature"), or "expired".
 */
export function openRoster(untrusted: Uint8Array, root: Uint8Array, today: string): Roster {
  const payload = signedPayload(untrusted, root);
  const roster = decodeRoster(payload);
  if (!isDay(today)) throw new RangeError("today must be a day, written YYYY-MM-DD");
  if (today > roster.expires) {
    throw new RosterError("roster: expired; the organisation must sign a new one", "expired");
  }
  return roster;
}

/** Reads a payload; not trusted before its signature was checked (`openRoster`). Throws RosterError ("malformed"). */
export function decodeRoster(untrusted: Uint8Array): Roster {
  const fields = parse(untrusted, ROSTER_LIMITS.payload, "roster", malformed);
  fields.integer("v", 1, 1);
  const roster: Omit<Roster, "digest"> = {
    version: fields.integer("version", 1, ROSTER_LIMITS.version),
    instance: fields.hex("instance", 16),
    expires: readDay(fields, "expires"),
    approvals: fields.integer("approvals", 2, ROSTER_LIMITS.reviewers),
    nextRoot: fields.hex("next_root", 32),
    reviewers: fields.objects("reviewers", ROSTER_LIMITS.reviewers, 2).map(readReviewer),
    removed: fields.objects("removed", ROSTER_LIMITS.removed).map(readRemoved),
  };
  fields.end();
  check(roster);
  if (!equal(encode(roster), untrusted)) throw malformed("roster: not in its one encoding");
  return { ...roster, digest: sha256(untrusted) };
}

function signedPayload(untrusted: Uint8Array, root: Uint8Array): Uint8Array {
  try {
    const envelope = decodeEnvelope(untrusted);
    verify(envelope, ROSTER_PAYLOAD_TYPE, [root]);
    return envelope.payload;
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    if (error.kind === "malformed") throw malformed("roster: not a signed envelope, or damaged");
    throw new RosterError("roster: not signed by the organisation's root key", "signature");
  }
}

function check(roster: Omit<Roster, "digest">): void {
  const everybody = [...roster.reviewers, ...roster.removed];
  if (roster.approvals > roster.reviewers.length) throw malformed("roster: more approvals than reviewers");
  if (!everybody.every((one) => /^[a-z0-9-]{1,32}$/.test(one.id))) {
    throw malformed("roster: an id is not 1 to 32 of a-z, 0-9 and -");
  }
  const ids = new Set(everybody.map((one) => one.id));
  const keys = new Set(everybody.map((one) => hex(one.key)));
  if (ids.size !== everybody.length || keys.size !== everybody.length) {
    throw malformed("roster: an id or a key stands there twice");
  }
  for (const { label } of roster.reviewers) {
    const characters = [...label].length;
    if (characters < 1 || characters > ROSTER_LIMITS.label || !isOneLine(label)) {
      throw malformed(`roster: a label is not one line of 1 to ${ROSTER_LIMITS.label} characters`);
    }
  }
}

function encode(roster: Omit<Roster, "digest">): Uint8Array {
  return dump({
    v: 1,
    instance: hex(roster.instance),
    version: roster.version,
    expires: roster.expires,
    approvals: roster.approvals,
    next_root: hex(roster.nextRoot),
    reviewers: roster.reviewers.map((one) => ({ id: one.id, label: one.label, key: hex(one.key) })),
    removed: roster.removed.map((one) => ({
      id: one.id,
      key: hex(one.key),
      ...(one.lastEvent === undefined ? {} : { last_event: hex(one.lastEvent) }),
    })),
  });
}

function readReviewer(fields: Fields): Reviewer {
  const label = 4 * ROSTER_LIMITS.label; // bytes
  const reviewer = { id: fields.text("id", 32), label: fields.text("label", label), key: fields.hex("key", 32) };
  fields.end();
  return reviewer;
}

function readRemoved(fields: Fields): Removed {
  const removed = { id: fields.text("id", 32), key: fields.hex("key", 32) };
  const last = fields.has("last_event") ? { lastEvent: fields.hex("last_event", 32) } : {};
  fields.end();
  return { ...removed, ...last };
}

function readDay(fields: Fields, name: string): string {
  const day = fields.text(name, 10, 10);
  return isDay(day) ? day : fields.refuse(name, "is not a day");
}
