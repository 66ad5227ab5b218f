/**
 * Argon2id (RFC 9106) version 1.3 with one lane, no key and no associated data: what codenames are stretched with.
 *
 * The library's own takes three times as long: for each multiplication it calls ten functions and makes four objects.
 * Where a browser has no JIT (Tor Browser's Safer level) a source would wait ten seconds for what takes three. Its
 * asynchronous form also never gives the thread back to messages. Tested against libsodium.
 */

import { blake2b } from "@noble/hashes/blake2.js";

import { concat } from "./bytes.ts";
import { pause } from "./pause.ts";

const WORDS = 256; // 32-bit words of a block of 1,024 bytes: 128 numbers of 64 bits, the low half first
const SLICES = 4; // of each pass
const VERSION = 0x13;
const ARGON2ID = 2;
const LOW = 2 ** -32;
const BREATH = 1024; // blocks between two breaths: 0.1 to 0.2 seconds without a JIT

const imul = Math.imul;

/**
 * 32 bytes, after `passes` over `memory` KiB. Gives the thread back now and then, so that a message can end it.
 *
 * @param salt at least 8 bytes
 * @param progress called at each breath with how much is done, 0 to 1. What it throws ends the work.
 */
export async function argon2id(
  password: Uint8Array,
  salt: Uint8Array,
  cost: { readonly memory: number; readonly passes: number },
  progress: (done: number) => void,
): Promise<Uint8Array> {
  const segment = Math.floor(cost.memory / SLICES);
  const lane = SLICES * segment;
  const blocks = new Int32Array(lane * WORDS); // every browser is little-endian, so bytes and words can share it
  const scratch = new Int32Array(WORDS);
  const independent = new Addresses(lane, cost.passes, scratch);
  start(blocks, password, salt, cost);
  let sinceBreath = 0;
  for (let pass = 0; pass < cost.passes; pass++) {
    for (let slice = 0; slice < SLICES; slice++) {
      const first = pass === 0 && slice === 0 ? 2 : 0;
      if (pass === 0 && slice < 2) independent.begin(slice);
      for (let index = first; index < segment; index++) {
        const current = slice * segment + index;
        const previous = (current === 0 ? lane : current) - 1;
        const random = pass === 0 && slice < 2 ? independent.at(index) : blocks[previous * WORDS]!;
        const area = (pass === 0 ? slice * segment : lane - segment) + index - 1;
        const back = area - 1 - high(area, high(random, random));
        const from = pass === 0 || slice === SLICES - 1 ? 0 : (slice + 1) * segment;
        const reference = (from + back) % lane;
        compress(scratch, blocks, previous * WORDS, reference * WORDS, current * WORDS, pass > 0);
        if (++sinceBreath === BREATH) {
          sinceBreath = 0;
          progress((pass * lane + current) / (cost.passes * lane));
          await pause();
        }
      }
    }
  }
  const last = blocks.slice((lane - 1) * WORDS);
  blocks.fill(0);
  scratch.fill(0);
  progress(1);
  return blake2b(concat(words(32), new Uint8Array(last.buffer)), { dkLen: 32 });
}

/** The addresses of the first half of the first pass: they follow from a counter, and from no secret. */
class Addresses {
  readonly #scratch: Int32Array;
  readonly #blocks = new Int32Array(3 * WORDS); // addresses; what they are made from; zeros
  #counted = -1;

  constructor(lane: number, passes: number, scratch: Int32Array) {
    this.#scratch = scratch;
    const from = this.#blocks.subarray(WORDS);
    from[6] = lane;
    from[8] = passes;
    from[10] = ARGON2ID;
  }

  begin(slice: number): void {
    this.#blocks[WORDS + 4] = slice;
    this.#counted = -1;
  }

  at(index: number): number {
    const counter = index >> 7; // 128 addresses are made at once
    if (counter !== this.#counted) {
      this.#counted = counter;
      this.#blocks[WORDS + 12] = counter + 1;
      compress(this.#scratch, this.#blocks, WORDS, 2 * WORDS, 0, false);
      compress(this.#scratch, this.#blocks, 0, 2 * WORDS, 0, false);
    }
    return this.#blocks[2 * (index & 127)]!;
  }
}

/** Fills the first two blocks, from a hash of everything that goes in. */
function start(
  blocks: Int32Array,
  password: Uint8Array,
  salt: Uint8Array,
  cost: { readonly memory: number; readonly passes: number },
): void {
  const seed = blake2b(
    concat(
      words(1, 32, cost.memory, cost.passes, VERSION, ARGON2ID, password.length),
      password,
      words(salt.length),
      salt,
      words(0, 0),
    ),
  );
  const bytes = new Uint8Array(blocks.buffer);
  for (const number of [0, 1]) bytes.set(longHash(concat(seed, words(number, 0))), number * 4 * WORDS);
}

/** 1,024 bytes: the variable-length hash of RFC 9106, section 3.3. */
function longHash(data: Uint8Array): Uint8Array {
  const long = new Uint8Array(4 * WORDS);
  let hash = blake2b(concat(words(long.length), data));
  let at = 0;
  for (; at < long.length - 64; at += 32) {
    long.set(hash.subarray(0, 32), at);
    hash = blake2b(hash);
  }
  long.set(hash, at);
  return long;
}

function words(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

/** The upper 32 bits of a product of two numbers of 32 bits. The float is wrong by less than 2^12, the lower bits are known. */
function high(one: number, other: number): number {
  return (((one >>> 0) * (other >>> 0) - (imul(one, other) >>> 0)) * LOW + 0.5) >>> 0;
}

/** The compression function: of the blocks at `one` and `other` into the one at `out`, added to what is there or instead. */
function compress(v: Int32Array, blocks: Int32Array, one: number, other: number, out: number, add: boolean): void {
  for (let i = 0; i < WORDS; i++) v[i] = blocks[one + i]! ^ blocks[other + i]!;
  for (let i = 0; i < 256; i += 32) {
    mix(v, i, i + 8, i + 16, i + 24);
    mix(v, i + 2, i + 10, i + 18, i + 26);
    mix(v, i + 4, i + 12, i + 20, i + 28);
    mix(v, i + 6, i + 14, i + 22, i + 30);
    mix(v, i, i + 10, i + 20, i + 30);
    mix(v, i + 2, i + 12, i + 22, i + 24);
    mix(v, i + 4, i + 14, i + 16, i + 26);
    mix(v, i + 6, i + 8, i + 18, i + 28);
  }
  for (let i = 0; i < 32; i += 4) {
    mix(v, i, i + 64, i + 128, i + 192);
    mix(v, i + 2, i + 66, i + 130, i + 194);
    mix(v, i + 32, i + 96, i + 160, i + 224);
    mix(v, i + 34, i + 98, i + 162, i + 226);
    mix(v, i, i + 66, i + 160, i + 226);
    mix(v, i + 2, i + 96, i + 162, i + 192);
    mix(v, i + 32, i + 98, i + 128, i + 194);
    mix(v, i + 34, i + 64, i + 130, i + 224);
  }
  for (let i = 0; i < WORDS; i++) {
    const mixed = v[i]! ^ blocks[one + i]! ^ blocks[other + i]!;
    blocks[out + i] = add ? blocks[out + i]! ^ mixed : mixed;
  }
}

/**
 * The quarter round of section 3.6 on four numbers of 64 bits. Four times: the sum of two and of twice the product of their
 * low halves, whose lower bits are exact as integers and whose upper bits follow from a float (see `high`); then a rotation.
 */
function mix(v: Int32Array, a: number, b: number, c: number, d: number): void {
  let al = v[a]!, ah = v[a + 1]!, bl = v[b]!, bh = v[b + 1]!; // prettier-ignore
  let cl = v[c]!, ch = v[c + 1]!, dl = v[d]!, dh = v[d + 1]!; // prettier-ignore

  let x = al >>> 0, y = bl >>> 0, p = imul(al, bl) >>> 0, sum = x + y + 2 * p; // prettier-ignore
  ah = (ah + bh + 2 * (((x * y - p) * LOW + 0.5) | 0) + ((sum * LOW) | 0)) | 0;
  al = sum | 0;
  let turned = dh ^ ah; // by 32
  dh = dl ^ al;
  dl = turned;

  x = cl >>> 0, y = dl >>> 0, p = imul(cl, dl) >>> 0, sum = x + y + 2 * p; // prettier-ignore
  ch = (ch + dh + 2 * (((x * y - p) * LOW + 0.5) | 0) + ((sum * LOW) | 0)) | 0;
  cl = sum | 0;
  turned = bh ^ ch; // by 24
  bl ^= cl;
  bh = (turned >>> 24) | (bl << 8);
  bl = (bl >>> 24) | (turned << 8);

  x = al >>> 0, y = bl >>> 0, p = imul(al, bl) >>> 0, sum = x + y + 2 * p; // prettier-ignore
  ah = (ah + bh + 2 * (((x * y - p) * LOW + 0.5) | 0) + ((sum * LOW) | 0)) | 0;
  al = sum | 0;
  turned = dh ^ ah; // by 16
  dl ^= al;
  dh = (turned >>> 16) | (dl << 16);
  dl = (dl >>> 16) | (turned << 16);

  x = cl >>> 0, y = dl >>> 0, p = imul(cl, dl) >>> 0, sum = x + y + 2 * p; // prettier-ignore
  ch = (ch + dh + 2 * (((x * y - p) * LOW + 0.5) | 0) + ((sum * LOW) | 0)) | 0;
  cl = sum | 0;
  turned = bh ^ ch; // by 63
  bl ^= cl;
  bh = (turned << 1) | (bl >>> 31);
  bl = (bl << 1) | (turned >>> 31);

  v[a] = al, v[a + 1] = ah, v[b] = bl, v[b + 1] = bh; // prettier-ignore
  v[c] = cl, v[c + 1] = ch, v[d] = dl, v[d + 1] = dh; // prettier-ignore
}
