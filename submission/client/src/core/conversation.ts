/** Who wrote a letter, provable to its reviewer alone; as crypto/conversation.py. */

import { hsalsa } from "@noble/ciphers/salsa.js";
import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8 } from "./encoding.ts";
import { KeyFormatError } from "./errors.ts";

const INFO = utf8("lapwing/v1/letter mac");
const SIGMA = utf8("expand 32-byte k"); // the constant of Salsa20

/**
 * Returns the 32-byte MAC key that a source and a reviewer share.
 *
 * @param secret the conversation key of the source, 32 bytes
 * @param reviewer the reviewer's public signing key from the roster, 32 bytes; it is mapped to X25519
 * @throws KeyFormatError that key is no Ed25519 public key
 */
export function letterMacKey(secret: Uint8Array, reviewer: Uint8Array): Uint8Array {
  let shared: Uint8Array;
  try {
    const point = ed25519.Point.fromBytes(reviewer);
    // As libsodium: a point of low order, or with a part of low order, is nobody's key.
    if (point.isSmallOrder() || !point.isTorsionFree()) throw new KeyFormatError("low order");
    shared = x25519.getSharedSecret(secret, ed25519.utils.toMontgomery(reviewer));
  } catch {
    throw new KeyFormatError("the reviewer's key is no ed25519 public key: check the roster");
  }
  return hkdf(sha256, boxKey(shared), undefined, INFO, 32);
}

/** The key of a NaCl box: HSalsa20 of what X25519 gave, with a nonce of zeros. */
function boxKey(shared: Uint8Array): Uint8Array {
  const output = new Uint32Array(8);
  hsalsa(words(SIGMA), words(shared), new Uint32Array(4), output);
  return new Uint8Array(output.buffer);
}

/** The same bytes as words of 32 bits; every browser's machine is little-endian, which the library demands too. */
function words(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.slice().buffer);
}
