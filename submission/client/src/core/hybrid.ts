/**
 * The post-quantum recipient type of age: HPKE with ML-KEM-768 and X25519 (C2SP age.md, "MLKEM768-X25519"), as
 * crypto/hybrid.py. How the two are combined is written out, because the library's module for it brings three NIST
 * curves along (12 kB of the bundle).
 */

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { sha3_256, shake256 } from "@noble/hashes/sha3.js";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { concat, utf8 } from "./encoding.ts";
import { KeyFormatError } from "./errors.ts";
import { checkRecipient, isLowOrder } from "./recipient.ts";

export const ENCAPSULATED_SIZE = 1120; // the ML-KEM ciphertext, then an X25519 share
export const WRAPPED_SIZE = 32; // a file key of 16 bytes with its tag

const MLKEM_SIZE = 1184; // of a recipient
const MLKEM_CIPHERTEXT_SIZE = 1088;
const INFO = utf8("age-encryption.org/mlkem768x25519");
const COMBINER = utf8("\\.//^\\"); // the label of X-Wing
const SUITE = concat(utf8("HPKE"), Uint8Array.of(0x64, 0x7a, 0x00, 0x01, 0x00, 0x03)); // KEM, HKDF-SHA-256, ChaCha20-Poly1305

/** Both private keys of an identity, expanded once because that costs as much as opening a stanza with them. */
export interface HybridIdentity {
  readonly recipient: Uint8Array; // 1,216 bytes
  readonly mlkem: Uint8Array; // 2,400 bytes, secret
  readonly x25519: Uint8Array; // 32 bytes, secret
}

/** Returns the identity of a seed of 32 bytes; every seed is one. */
export function identityFromSeed(seed: Uint8Array): HybridIdentity {
  if (seed.length !== 32) throw new KeyFormatError("the seed of an identity has 32 bytes");
  const expanded = shake256(seed, { dkLen: 96 });
  const mlkem = ml_kem768.keygen(expanded.subarray(0, 64));
  const secret = expanded.slice(64);
  const recipient = concat(mlkem.publicKey, x25519.getPublicKey(secret));
  return { recipient, mlkem: mlkem.secretKey, x25519: secret };
}

/**
 * Wraps a file key of 16 bytes for a recipient of 1,216: 1,120 bytes to stand as an argument, 32 as the body. It does not
 * reveal for whom. Throws `KeyFormatError` if nothing can be sealed to the recipient.
 */
export function wrap(fileKey: Uint8Array, recipient: Uint8Array): { encapsulated: Uint8Array; body: Uint8Array } {
  const { encapsulated, shared } = encapsulate(recipient);
  const { key, nonce } = hpke(shared);
  return { encapsulated, body: chacha20poly1305(key, nonce).encrypt(fileKey) };
}

/** Returns the file key, 16 bytes, or undefined if it was wrapped for somebody else or cannot be opened by anybody. */
export function unwrap(encapsulated: Uint8Array, body: Uint8Array, identity: HybridIdentity): Uint8Array | undefined {
  // The exact length stops partitioning oracles: a body that opens under many keys would have to be longer.
  if (encapsulated.length !== ENCAPSULATED_SIZE || body.length !== WRAPPED_SIZE) return undefined;
  const share = encapsulated.subarray(MLKEM_CIPHERTEXT_SIZE);
  if (isLowOrder(share)) return undefined;
  const first = ml_kem768.decapsulate(encapsulated.subarray(0, MLKEM_CIPHERTEXT_SIZE), identity.mlkem);
  const second = x25519.getSharedSecret(identity.x25519, share);
  const { key, nonce } = hpke(combine(first, second, share, identity.recipient.subarray(MLKEM_SIZE)));
  try {
    return chacha20poly1305(key, nonce).decrypt(body);
  } catch {
    return undefined;
  }
}

function encapsulate(recipient: Uint8Array): { encapsulated: Uint8Array; shared: Uint8Array } {
  checkRecipient(recipient);
  const theirs = recipient.subarray(MLKEM_SIZE);
  const ephemeral = crypto.getRandomValues(new Uint8Array(32));
  const first = ml_kem768.encapsulate(recipient.subarray(0, MLKEM_SIZE), crypto.getRandomValues(new Uint8Array(32)));
  const share = x25519.getPublicKey(ephemeral);
  const second = x25519.getSharedSecret(ephemeral, theirs);
  return { encapsulated: concat(first.cipherText, share), shared: combine(first.sharedSecret, second, share, theirs) };
}

function combine(first: Uint8Array, second: Uint8Array, share: Uint8Array, publicKey: Uint8Array): Uint8Array {
  return sha3_256(concat(first, second, share, publicKey, COMBINER));
}

/** The key schedule of HPKE in its base mode (RFC 9180, section 5.1). */
function hpke(shared: Uint8Array): { key: Uint8Array; nonce: Uint8Array } {
  const empty = new Uint8Array(0);
  const context = concat(Uint8Array.of(0), labeledExtract(empty, "psk_id_hash", empty), labeledExtract(empty, "info_hash", INFO));
  const secret = labeledExtract(shared, "secret", empty);
  return { key: labeledExpand(secret, "key", context, 32), nonce: labeledExpand(secret, "base_nonce", context, 12) };
}

function labeledExtract(salt: Uint8Array, label: string, material: Uint8Array): Uint8Array {
  return extract(sha256, concat(utf8("HPKE-v1"), SUITE, utf8(label), material), salt);
}

function labeledExpand(secret: Uint8Array, label: string, info: Uint8Array, size: number): Uint8Array {
  return expand(sha256, secret, concat(Uint8Array.of(0, size), utf8("HPKE-v1"), SUITE, utf8(label), info), size);
}
