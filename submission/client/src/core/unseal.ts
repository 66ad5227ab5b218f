/** Unsealing a reply: an age file of one stanza and one chunk (docs/format.md, "Reply"). The client opens nothing else. */

import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { equal, unbase64 } from "./encoding.ts";
import { ENCAPSULATED_SIZE, unwrap, WRAPPED_SIZE, type HybridIdentity } from "./hybrid.ts";
import { encodeHeader, NONCE_SIZE, payloadKey } from "./seal.ts";

// A header with one stanza has one form, and what is not of it was not made for us.
const HEADER = /^age-encryption\.org\/v1\n-> mlkem768x25519 ([A-Za-z0-9+/]{1494})\n([A-Za-z0-9+/]{43})\n--- [A-Za-z0-9+/]{43}\n/;
const HEADER_SIZE = 1_627;
const LAST_CHUNK = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1); // nonce of a payload's only chunk

/** Returns the plaintext of a file sealed to this identity alone, of one chunk (65,552 bytes) at most; undefined for any other. */
export function unseal(sealed: Uint8Array, identity: HybridIdentity): Uint8Array | undefined {
  const stanza = HEADER.exec(String.fromCharCode(...sealed.subarray(0, HEADER_SIZE)));
  if (stanza === null) return undefined;
  const encapsulated = bytesOf(stanza[1]!);
  const body = bytesOf(stanza[2]!);
  if (encapsulated?.length !== ENCAPSULATED_SIZE || body?.length !== WRAPPED_SIZE) return undefined;
  const fileKey = unwrap(encapsulated, body, identity);
  if (fileKey === undefined) return undefined;
  const header = encodeHeader([{ args: ["mlkem768x25519", stanza[1]!], body }], fileKey);
  if (!equal(header, sealed.subarray(0, HEADER_SIZE))) return undefined; // its MAC does not hold
  const key = payloadKey(fileKey, sealed.subarray(HEADER_SIZE, HEADER_SIZE + NONCE_SIZE));
  try {
    return chacha20poly1305(key, LAST_CHUNK).decrypt(sealed.slice(HEADER_SIZE + NONCE_SIZE));
  } catch {
    return undefined;
  }
}

function bytesOf(unpadded: string): Uint8Array | undefined {
  try {
    return unbase64(unpadded.padEnd(Math.ceil(unpadded.length / 4) * 4, "="));
  } catch {
    return undefined;
  }
}
