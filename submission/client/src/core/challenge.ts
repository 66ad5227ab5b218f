/** An agency's challenge, and the answer to it: read, stated in words, signed with both keys, sealed; as wire/claim.py. */

import { sha256 } from "@noble/hashes/sha2.js";

import { decode as decodeBech32 } from "./bech32.ts";
import { concat, equal, hex, utf8 } from "./bytes.ts";
import type { ClaimKeys } from "./claim.ts";
import { decodeEnvelope, encode, preAuthenticationEncoding, verify, type Envelope } from "./dsse.ts";
import { base64, dump, isOneLine } from "./encoding.ts";
import { ClaimError, EnvelopeError, KeyFormatError } from "./errors.ts";
import { parse, type Fields } from "./fields.ts";
import { identityFromSeed } from "./hybrid.ts";
import { decodeRecipient, RECIPIENT_TEXT_SIZE } from "./recipient.ts";
import { plaintextSizeFor, Sealer } from "./seal.ts";
import { shuffled } from "./stanzas.ts";
import { isDay } from "./week.ts";

/** Bytes of every sealed answer. */
export const ANSWER_SIZE = 32_768;

const CHALLENGE_TYPE = "application/vnd.lapwing.claim-challenge+json";
const PAYLOAD_TYPE = "application/vnd.lapwing.claim+json";
const STANZAS = 4;
const ENVELOPE_LIMIT = 6_144; // bytes
const PAYLOAD_LIMIT = 4_096; // bytes
const NAME_LIMIT = 120; // characters of an office's name
const BENEFICIARY_LIMIT = 400; // bytes
const COMMITMENT_CHARACTERS = 99;

/** What an agency asks. */
export interface Challenge {
  readonly envelope: Envelope;
  readonly agency: string;
  readonly recipient: Uint8Array; // 1,216 bytes: to whom the answer is sealed
  readonly office: Uint8Array; // digest of the agency's two keys, 32 bytes: compare it by another way
  readonly commitment: string; // as text
  readonly digest: Uint8Array; // the commitment itself, 32 bytes
  readonly salt: Uint8Array; // 16 bytes, for `deriveClaim`
  readonly knownToIntake: boolean; // whether the words were made on arrival
  readonly programme: string;
  readonly case: string;
  readonly expires: string; // last day for an answer, "2027-01-31"
}

/**
 * Reads a challenge. That it is from whom it says must be asked by another way: show the office's digest.
 *
 * @param untrusted the file as it came; one line feed at its end is no matter
 * @param today "YYYY-MM-DD", UTC
 * @throws ClaimError "malformed", "signature" (changed after its office signed it), or "expired"
 */
export function openChallenge(untrusted: Uint8Array, today: string): Challenge {
  const end = untrusted.at(-1) === 0x0a ? untrusted.length - 1 : untrusted.length;
  try {
    const envelope = decodeEnvelope(untrusted.subarray(0, end), ENVELOPE_LIMIT);
    const [challenge, key] = readChallenge(envelope);
    verify(envelope, CHALLENGE_TYPE, [key]);
    if (today > challenge.expires) throw new ClaimError("challenge: its last day is over; ask the agency for a new one", "expired");
    return challenge;
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    throw new ClaimError("challenge: not as the agency that it names signed it; ask for it again", error.kind);
  }
}

/**
 * The words that are signed, seven lines: show them before anything is signed.
 *
 * @param beneficiary who shall receive a reward, one line of at most 400 bytes, may be empty; throws ClaimError "malformed"
 */
export function statementWords(challenge: Challenge, beneficiary: string, language: "en" | "fr"): string {
  if (!isOneLine(beneficiary) || utf8(beneficiary).length > BENEFICIARY_LIMIT) {
    throw new ClaimError(`statement: beneficiary is not one line of at most ${BENEFICIARY_LIMIT} bytes`, "malformed");
  }
  const { labels, nobody } = WORDS[language];
  const values = [
    challenge.commitment,
    challenge.agency,
    hex(challenge.office).replace(/.{8}(?=.)/g, "$& "),
    challenge.programme,
    challenge.case,
    challenge.expires,
    beneficiary === "" ? nobody : beneficiary,
  ];
  return labels.map((label, at) => `${label}${values[at] ?? ""}\n`).join("");
}

/**
 * The sealed answer, 32,768 bytes, which the agency alone can open.
 *
 * @param keys what `deriveClaim` makes of the claim words and the challenge's salt
 * @throws ClaimError "other": the words are of another tip, and nothing is signed
 */
export function answer(challenge: Challenge, beneficiary: string, language: "en" | "fr", keys: ClaimKeys): Uint8Array {
  const words = statementWords(challenge, beneficiary, language);
  if (!equal(keys.commitment, challenge.digest)) {
    throw new ClaimError("claim: these words belong to another tip than the agency asks about; check the words", "other");
  }
  const payload = dump({
    v: 1,
    challenge: hex(sha256(challenge.envelope.payload)),
    office: hex(challenge.office),
    expires: challenge.expires,
    beneficiary,
    language,
    words,
  });
  const signed = keys.sign(preAuthenticationEncoding(PAYLOAD_TYPE, payload));
  const signatures = [{ key: keys.ed25519, value: signed.ed25519 }];
  const statement = encode({ payloadType: PAYLOAD_TYPE, payload, signatures });
  const second = `"ml_dsa_key":"${base64(keys.mlDsa)}","ml_dsa_signature":"${base64(signed.mlDsa)}"`;
  return seal(utf8(`{"v":1,"challenge":${encode(challenge.envelope)},"statement":${statement},${second}}`), challenge);
}

function seal(line: Uint8Array, challenge: Challenge): Uint8Array {
  const discarded = (): Uint8Array => identityFromSeed(crypto.getRandomValues(new Uint8Array(32))).recipient;
  const sealer = new Sealer(shuffled([challenge.recipient, ...Array.from({ length: STANZAS - 1 }, discarded)]), []);
  const plaintext = new Uint8Array(plaintextSizeFor(sealer.headerSize, ANSWER_SIZE)!).fill(0x20); // one chunk reaches every size
  plaintext.set(line);
  plaintext[plaintext.length - 1] = 0x0a;
  return concat(sealer.start, sealer.chunk(plaintext, true));
}

function readChallenge(envelope: Envelope): readonly [Challenge, Uint8Array] {
  const fields = parse(envelope.payload, PAYLOAD_LIMIT, "challenge", (message) => new ClaimError(message, "malformed"));
  fields.integer("v", 1, 1);
  const { agency, recipient, key } = readOffice(fields.object("office"));
  const { text, raw } = readCommitment(fields);
  const challenge = {
    envelope,
    agency,
    recipient,
    office: sha256(concat(recipient, key)),
    commitment: text,
    digest: raw.slice(17),
    salt: raw.slice(1, 17),
    knownToIntake: raw[0] === 1,
    programme: fields.line("programme", 200),
    case: fields.line("case", 120),
    expires: readDay(fields),
  };
  fields.hex("nonce", 16);
  fields.end();
  return [challenge, key];
}

function readOffice(fields: Fields): { readonly agency: string; readonly recipient: Uint8Array; readonly key: Uint8Array } {
  const agency = fields.line("name", 4 * NAME_LIMIT);
  if ([...agency].length > NAME_LIMIT) fields.refuse("name", `is not 1 to ${NAME_LIMIT} characters`);
  const text = fields.text("recipient", RECIPIENT_TEXT_SIZE);
  const key = fields.hex("key", 32);
  fields.end();
  try {
    return { agency, recipient: decodeRecipient(text), key };
  } catch (error) {
    if (!(error instanceof KeyFormatError)) throw error;
    return fields.refuse("recipient", "is no age1pq1… key");
  }
}

function readCommitment(fields: Fields): { readonly text: string; readonly raw: Uint8Array } {
  const text = fields.text("commitment", COMMITMENT_CHARACTERS);
  const raw = decodeBech32("lapwing-claim", text);
  if (raw === undefined || raw.length !== 49 || (raw[0] ?? 2) > 1) return fields.refuse("commitment", "is none");
  return { text, raw };
}

function readDay(fields: Fields): string {
  const text = fields.text("expires", 10, 10);
  return isDay(text) ? text : fields.refuse("expires", "is not a day");
}

// Part of the format: another word in them is another version of it (docs/format.md, "Claim").
const WORDS = {
  en: {
    labels: [
      "I wrote the tip with this commitment: ",
      "I say so to nobody but: ",
      "The agency's key: ",
      "Programme: ",
      "Case: ",
      "This counts up to and including: ",
      "Who shall receive a reward: ",
    ],
    nobody: "(nobody is named)",
  },
  fr: {
    labels: [
      "J’ai écrit le signalement qui a cet engagement : ",
      "Je ne le dis qu’à : ",
      "Clé de l’autorité : ",
      "Programme : ",
      "Affaire : ",
      "Valable jusqu’au (inclus) : ",
      "Qui doit recevoir une récompense : ",
    ],
    nobody: "(personne n’est nommé)",
  },
} as const;
