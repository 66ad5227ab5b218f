/** Signed envelopes: DSSE v1 with Ed25519, read and verified as crypto/dsse.py does. */

import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";

import { base64, concat, equal, fromUtf8, hex, unbase64, unhex, utf8 } from "./bytes.ts";
import { EncodingError, EnvelopeError } from "./errors.ts";

/** One signature: the Ed25519 public key of the signer, 32 bytes, and its value, 64 bytes. */
export interface Signature {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** A payload, its type, and who claims to have signed both. Trust nothing in it before `verify`. */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signatures: readonly Signature[];
}

const { Point } = ed25519;

const ENVELOPE_LIMIT = 256 * 1024; // bytes
const SIGNATURES_LIMIT = 32;
const KEY_SIZE = 32;
const SIGNATURE_SIZE = 64;

/**
 * The envelope behind bytes of at most `limit`, 262,144 if not given. No signature has been checked then. Throws
 * EnvelopeError ("malformed") if it is too long, or not in the one encoding that an envelope has.
 */
export function decodeEnvelope(untrusted: Uint8Array, limit = ENVELOPE_LIMIT): Envelope {
  if (untrusted.length > limit) throw malformed();
  let envelope: Envelope;
  let again: string;
  try {
    const text = fromUtf8(untrusted);
    envelope = fromJson(JSON.parse(text));
    again = encode(envelope);
    // One envelope, one encoding: so no name stands twice, nothing unknown hides in it, and its hash names it.
    if (again !== text) throw malformed();
  } catch (error) {
    if (error instanceof EnvelopeError) throw error;
    throw malformed(); // whatever JSON.parse or a decoder had against it, an engine's own stack overflow included
  }
  const keys = new Set(envelope.signatures.map((signature) => hex(signature.key)));
  if (envelope.signatures.length > SIGNATURES_LIMIT || keys.size !== envelope.signatures.length) throw malformed();
  return envelope;
}

/**
 * Which of the keys signed, each in hexadecimal. Signatures by other keys count for nothing and do no harm.
 *
 * @param keys Ed25519 public keys, 32 bytes each
 * @param threshold how many of them must have signed, at least one
 *
 * Throws EnvelopeError ("signature") for another payload type, too few signatures, or one by a known key that does not hold.
 */
export function verify(
  envelope: Envelope,
  payloadType: string,
  keys: readonly Uint8Array[],
  threshold = 1,
): ReadonlySet<string> {
  if (threshold < 1) throw new RangeError("a threshold below one verifies nothing");
  if (envelope.payloadType !== payloadType) {
    throw new EnvelopeError("what was signed is of another kind than expected", "signature");
  }
  const message = preAuthenticationEncoding(envelope.payloadType, envelope.payload);
  const signers = new Set<string>();
  for (const signature of envelope.signatures) {
    if (!keys.some((key) => equal(key, signature.key))) continue;
    if (!holds(signature, message)) throw new EnvelopeError("a signature by a known key does not hold", "signature");
    signers.add(hex(signature.key));
  }
  if (signers.size < threshold) {
    throw new EnvelopeError(`signed by ${signers.size} of the known keys: ${threshold} are needed`, "signature");
  }
  return signers;
}

/** The bytes that are signed (PAE). The lengths keep type and payload from running into each other. */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = utf8(payloadType);
  return concat(utf8(`DSSEv1 ${type.length} ${payloadType} ${payload.length} `), payload);
}

/**
 * Ed25519 exactly as libsodium verifies it: the key and R in their one encoding and not of low order, S below the order,
 * and R = SB - kA itself. The library's own function multiplies both sides by eight first, as RFC 8032 allows, so it would
 * accept signatures by a key with a part of low order that reviewers' apps refuse.
 */
function holds(signature: Signature, message: Uint8Array): boolean {
  const commitment = signature.value.subarray(0, KEY_SIZE);
  try {
    const key = Point.fromBytes(signature.key, false); // false: no second encoding
    const response = Point.Fn.fromBytes(signature.value.subarray(KEY_SIZE));
    const challenge = Point.Fn.create(littleEndian(sha512(concat(commitment, signature.key, message))));
    const point = Point.BASE.multiplyUnsafe(response).subtract(key.multiplyUnsafe(challenge));
    return !key.isSmallOrder() && !point.isSmallOrder() && equal(point.toBytes(), commitment);
  } catch {
    return false; // no point of the curve, or S not below the order
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${hex(Uint8Array.from(bytes).reverse())}`);
}

function fromJson(untrusted: unknown): Envelope {
  const envelope = record(untrusted);
  const signatures = envelope["signatures"];
  if (!Array.isArray(signatures)) throw malformed();
  const payloadType = textOf(envelope["payloadType"]);
  if (!/^[!-~]{1,255}$/.test(payloadType)) throw malformed();
  return { payloadType, payload: unbase64(textOf(envelope["payload"])), signatures: signatures.map(readSignature) };
}

function readSignature(untrusted: unknown): Signature {
  const entry = record(untrusted);
  const signature = { key: unhex(textOf(entry["keyid"])), value: unbase64(textOf(entry["sig"])) };
  if (signature.key.length !== KEY_SIZE || signature.value.length !== SIGNATURE_SIZE) throw malformed();
  return signature;
}

/** The envelope as compact JSON, in its one encoding. */
export function encode(envelope: Envelope): string {
  return JSON.stringify({
    payload: base64(envelope.payload),
    payloadType: envelope.payloadType,
    signatures: envelope.signatures.map((one) => ({ keyid: hex(one.key), sig: base64(one.value) })),
  });
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) throw malformed();
  return Object.fromEntries(Object.entries(value));
}

function textOf(value: unknown): string {
  if (typeof value !== "string") throw new EncodingError("not text");
  return value;
}

function malformed(): EnvelopeError {
  return new EnvelopeError("not a signed envelope, or damaged", "malformed");
}
