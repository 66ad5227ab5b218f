/** The text of a post-quantum age recipient, `age1pq1…`, and whether anything can be sealed to it. */

import { decode, encode } from "./bech32.ts";
import { hex } from "./bytes.ts";
import { KeyFormatError } from "./errors.ts";

/** Bytes of a recipient: an ML-KEM-768 encapsulation key of 1,184, then an X25519 public key of 32. */
export const RECIPIENT_SIZE = 1216;
/** Characters of one as text. */
export const RECIPIENT_TEXT_SIZE = 1959;

const PREFIX = "age1pq";
const COEFFICIENTS_SIZE = 1152; // bytes of an encapsulation key that hold 12-bit numbers; a seed follows
const MLKEM_SIZE = 1184;
const MODULUS = 3329;

// Every X25519 share whose product with any private key is zero, without the highest bit, which X25519 ignores
// (crypto/primitives.py).
const LOW_ORDER: readonly string[] = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

/** A recipient of 1,216 bytes as text. */
export function encodeRecipient(recipient: Uint8Array): string {
  return encode(PREFIX, recipient);
}

/** The 1,216 bytes behind `age1pq1…`; throws KeyFormatError if it is malformed, of another kind, or cannot be sealed to. */
export function decodeRecipient(text: string): Uint8Array {
  const recipient = decode(PREFIX, text);
  if (recipient === undefined) throw new KeyFormatError("not a recipient, age1pq1 in lower case: copy it again");
  checkRecipient(recipient);
  return recipient;
}

/** Returns if something can be sealed to these bytes; throws KeyFormatError if not. The library's own check lets all pass. */
export function checkRecipient(recipient: Uint8Array): void {
  if (recipient.length !== RECIPIENT_SIZE) throw new KeyFormatError(`a recipient has ${RECIPIENT_SIZE} bytes`);
  if (!isReduced(recipient.subarray(0, COEFFICIENTS_SIZE)) || isLowOrder(recipient.subarray(MLKEM_SIZE))) {
    throw new KeyFormatError("the recipient holds an impossible key: ask its owner for another");
  }
}

/** Whether an X25519 share, 32 bytes, has low order: what is sealed to it, anybody can open. */
export function isLowOrder(share: Uint8Array): boolean {
  const masked = Uint8Array.from(share);
  masked[31] = (masked[31] ?? 0) & 0x7f;
  return LOW_ORDER.includes(hex(masked));
}

/** The check of FIPS 203, 7.2: each 12-bit coefficient is below the modulus, so that the key has one encoding. */
function isReduced(key: Uint8Array): boolean {
  for (let at = 0; at < key.length; at += 3) {
    const [low = 0, middle = 0, high = 0] = key.subarray(at, at + 3);
    if ((low | ((middle & 15) << 8)) >= MODULUS || ((middle >> 4) | (high << 4)) >= MODULUS) return false;
  }
  return true;
}
