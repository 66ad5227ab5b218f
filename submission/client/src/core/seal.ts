/**
 * Sealing an age file (C2SP age.md), as crypto/seal.py. It is written over @noble, which age-encryption is made of too:
 * that library's Encrypter would add 19 kB of passphrases, passkeys and further curves to the compressed bundle, and
 * hands out its chunks in memory of its own.
 */

import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { encryptInto } from "./chacha.ts";
import { base64, concat, utf8 } from "./encoding.ts";
import { wrap } from "./hybrid.ts";

export const CHUNK_SIZE = 65_536;
export const TAG_SIZE = 16;
export const NONCE_SIZE = 16;

const FILE_KEY_SIZE = 16;
const SEALED_CHUNK_SIZE = CHUNK_SIZE + TAG_SIZE;
const COLUMNS = 64;

/** One stanza of a header: its arguments, the type first, and its body. */
export interface Stanza {
  readonly args: readonly string[];
  readonly body: Uint8Array;
}

/** Seals one file, chunk by chunk: a file key must not be used again. Memory: one chunk. */
export class Sealer {
  /** The header, and the nonce of 16 bytes after it: what the file begins with. */
  readonly start: Uint8Array;
  /** Bytes of the header, without that nonce. */
  readonly headerSize: number;
  readonly #key: Uint8Array;
  #count = 0; // below 2^20: files have at most 2^35 bytes
  readonly #sealed = new Uint8Array(SEALED_CHUNK_SIZE);

  /**
   * The stanzas stand in the order given, which the header shows: shuffle the recipients (1,216 bytes each) if it tells.
   * `extra` are stanzas of other types, which those who open the file ignore.
   */
  constructor(recipients: readonly Uint8Array[], extra: readonly Stanza[]) {
    const fileKey = crypto.getRandomValues(new Uint8Array(FILE_KEY_SIZE));
    const wrapped = recipients.map((recipient) => {
      const { encapsulated, body } = wrap(fileKey, recipient);
      return { args: ["mlkem768x25519", unpadded(encapsulated)], body };
    });
    const header = encodeHeader([...wrapped, ...extra], fileKey);
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_SIZE));
    this.start = concat(header, nonce);
    this.headerSize = header.length;
    this.#key = payloadKey(fileKey, nonce);
  }

  /**
   * Seals the next chunk: 65,536 bytes unless it is the last one. What is returned, 16 bytes more, is valid until the next call.
   */
  chunk(plaintext: Uint8Array, last: boolean): Uint8Array {
    const nonce = new Uint8Array(12); // eleven bytes of a counter, then whether this is the last chunk
    new DataView(nonce.buffer).setUint32(7, this.#count++);
    nonce[11] = last ? 1 : 0;
    // The cipher is several times slower where its output does not lie at a multiple of four bytes: hence memory of our own.
    const sealed = this.#sealed.subarray(0, plaintext.length + TAG_SIZE);
    encryptInto(sealed, plaintext, this.#key, nonce);
    return sealed;
  }
}

/** Returns the bytes of a sealed file from those of its header and of its plaintext. */
export function sealedSize(headerSize: number, plaintextSize: number): number {
  return headerSize + NONCE_SIZE + plaintextSize + Math.max(1, Math.ceil(plaintextSize / CHUNK_SIZE)) * TAG_SIZE;
}

/**
 * Returns how many bytes of plaintext make a sealed file of exactly `total`, or undefined where no number does: 16 sizes in each
 * 65,552 are skipped where a new chunk begins.
 */
export function plaintextSizeFor(headerSize: number, total: number): number | undefined {
  const payload = total - headerSize - NONCE_SIZE;
  const size = payload - Math.ceil(payload / SEALED_CHUNK_SIZE) * TAG_SIZE;
  return size >= 0 && sealedSize(headerSize, size) === total ? size : undefined;
}

/** Returns a whole header, its last line feed included, with the MAC that the file key (16 bytes) makes. */
export function encodeHeader(stanzas: readonly Stanza[], fileKey: Uint8Array): Uint8Array {
  const authenticated = utf8(["age-encryption.org/v1\n", ...stanzas.map(encodeStanza), "---"].join(""));
  const mac = hmac(sha256, hkdf(sha256, fileKey, undefined, utf8("header"), 32), authenticated);
  return concat(authenticated, utf8(` ${unpadded(mac)}\n`));
}

/** Returns the key of a payload, 32 bytes: a fresh one with every nonce of 16. */
export function payloadKey(fileKey: Uint8Array, nonce: Uint8Array): Uint8Array {
  return hkdf(sha256, fileKey, nonce, utf8("payload"), 32);
}

/** Returns base64 as age writes it, without padding. */
export function unpadded(data: Uint8Array): string {
  return base64(data).replace(/=+$/, "");
}

function encodeStanza({ args, body }: Stanza): string {
  const encoded = unpadded(body);
  const lines = [];
  // A body ends with a short line, which may be empty: hence one line more when the last one is full.
  for (let start = 0; start <= encoded.length; start += COLUMNS) lines.push(`${encoded.slice(start, start + COLUMNS)}\n`);
  return `-> ${args.join(" ")}\n${lines.join("")}`;
}
