import assert from "node:assert/strict";
import { createCipheriv, createHash, randomBytes } from "node:crypto";
import { test } from "node:test";

import { ed25519, x25519 } from "@noble/curves/ed25519.js";

import type { CodenameKeys } from "../../submission/client/src/core/codename.ts";
import { encryptInto } from "../../submission/client/src/core/chacha.ts";
import { Digest, digestOf, digestOfWhole } from "../../submission/client/src/core/digest.ts";
import { hex } from "../../submission/client/src/core/encoding.ts";
import { LetterError } from "../../submission/client/src/core/errors.ts";
import { encodeLetter } from "../../submission/client/src/core/letter.ts";
import { identityFromSeed } from "../../submission/client/src/core/hybrid.ts";
import { PART_SIZE, type Store } from "../../submission/client/src/core/parts.ts";
import type { Roster } from "../../submission/client/src/core/roster.ts";
import { plaintextSizeFor, Sealer } from "../../submission/client/src/core/seal.ts";
import { LetterSealer } from "../../submission/client/src/core/sealing.ts";
import type { KeySheet } from "../../submission/client/src/core/sheet.ts";
import { shuffled } from "../../submission/client/src/core/stanzas.ts";
import { unseal } from "../../submission/client/src/core/unseal.ts";

const random = (size: number): Uint8Array => new Uint8Array(randomBytes(size));
const SEEDS = [random(32), random(32)];
const FINISH = { tip: random(16), number: 1, language: "en", fields: {}, story: "seen at the market" };

const roster: Roster = {
  version: 1,
  instance: random(16),
  expires: "2027-06-30",
  approvals: 2,
  nextRoot: random(32),
  reviewers: ["r1", "r2"].map((id) => ({ id, label: id, key: ed25519.getPublicKey(random(32)) })),
  removed: [],
  digest: random(32),
};
const sheet: KeySheet = {
  instance: roster.instance,
  week: "2026-W48",
  rosterVersion: 1,
  roster: roster.digest,
  keys: SEEDS.map((seed, at) => ({ reviewer: `r${at + 1}`, recipient: identityFromSeed(seed).recipient })),
  shelfBits: 0,
  digest: random(32),
};
const conversation = random(32);
const replySeed = random(32);
const keys: CodenameKeys = {
  replySeed,
  replyRecipient: identityFromSeed(replySeed).recipient,
  conversation,
  conversationPublic: x25519.getPublicKey(conversation),
  shelf: random(32),
  caseKey: random(32),
};

function newSealer(store: Store = async () => undefined): LetterSealer {
  return new LetterSealer({ sheet, roster, keys, sealed: "device", notTo: [], store });
}

test("a file of any size in one chunk is sealed and opened", () => {
  const identity = identityFromSeed(replySeed);
  for (const size of [0, 1, 15, 16, 17, 4096, 65_536]) {
    const sealer = new Sealer([identity.recipient], []);
    const plaintext = random(size);
    const sealed = new Uint8Array(Buffer.concat([sealer.start, sealer.chunk(plaintext, true)]));
    assert.deepEqual(unseal(sealed, identity), plaintext);
    assert.equal(plaintextSizeFor(sealer.headerSize, sealed.length), size);
  }
});

test("reviewers whose ids are numbers have a MAC, too, in the order of the roster", () => {
  const numbered = { ...roster, reviewers: roster.reviewers.map((one, at) => ({ ...one, id: `${10 - at}` })) };
  const lines = encodeLetter(
    {
      instance: roster.instance,
      sheet: sheet.digest,
      week: sheet.week,
      conversation: keys.conversationPublic,
      sealed: "device",
      replyTo: keys.replyRecipient,
      shelf: 0,
      caseKey: keys.caseKey,
      notTo: [],
      listing: { files: [], parts: [], index: false },
      ...FINISH,
    },
    conversation,
    numbered,
  );
  assert.match(new TextDecoder().decode(lines), /\n\{"macs":\{"10":"[0-9a-f]{64}","9":"[0-9a-f]{64}"\}\}$/);
});

test("our ChaCha20-Poly1305 is ChaCha20-Poly1305, wherever the bytes lie", () => {
  for (const size of [0, 1, 15, 16, 63, 64, 65, 128, 1000, 65_535, 65_536]) {
    const [key, nonce, memory] = [random(32), random(12), random(size + 3)];
    for (const offset of [0, 1, 3]) {
      const plaintext = memory.subarray(offset, offset + size);
      const cipher = createCipheriv("chacha20-poly1305", key, nonce, { authTagLength: 16 });
      const expected = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
      const sealed = new Uint8Array(size + 16 + 3).subarray(offset, offset + size + 16);
      encryptInto(sealed, plaintext, key, nonce);
      assert.equal(hex(sealed), expected.toString("hex"));
    }
  }
});

test("our SHA-256 is SHA-256, in whatever pieces the bytes come", () => {
  for (const size of [0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 70_001]) {
    const bytes = random(size);
    const expected = createHash("sha256").update(bytes).digest("hex");
    assert.equal(hex(digestOf(bytes)), expected);
    for (const piece of [1, 3, 64, 100]) {
      const digest = new Digest();
      for (let at = 0; at < size; at += piece) digest.update(bytes.subarray(at, at + piece));
      assert.equal(hex(digest.digest()), expected);
    }
  }
  const ones = new Uint8Array(4096).fill(255);
  assert.equal(hex(digestOf(ones)), createHash("sha256").update(ones).digest("hex"));
});

test("parts have the same names where the browser has no SHA-256 of its own", async () => {
  const part = new Uint8Array(random(PART_SIZE));
  const name = hex(await digestOfWhole(part));
  const real = Object.getOwnPropertyDescriptor(crypto, "subtle");
  Object.defineProperty(crypto, "subtle", { value: undefined, configurable: true });
  try {
    assert.equal(hex(await digestOfWhole(part)), name);
  } finally {
    if (real === undefined) Reflect.deleteProperty(crypto, "subtle");
    else Object.defineProperty(crypto, "subtle", real);
  }
  assert.equal(name, createHash("sha256").update(part).digest("hex"));
});

test("two hashes at once do not mix", () => {
  const [one, other] = [new Digest(), new Digest()];
  const [first, second] = [random(1000), random(1000)];
  for (let at = 0; at < 1000; at += 100) {
    one.update(first.subarray(at, at + 100));
    other.update(second.subarray(at, at + 100));
  }
  assert.equal(hex(one.digest()), createHash("sha256").update(first).digest("hex"));
  assert.equal(hex(other.digest()), createHash("sha256").update(second).digest("hex"));
});

test("every order is drawn about as often", () => {
  const counts = new Map<string, number>();
  for (let drawn = 0; drawn < 6000; drawn++) {
    const order = shuffled(["a", "b", "c"]).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.equal(counts.size, 6);
  // 1,000 are expected, give or take 29; six times that happens by chance once in a hundred million runs.
  for (const count of counts.values()) assert.ok(Math.abs(count - 1000) < 174, `drawn ${count} times`);
});

test("a part is the taker's, and the sealing waits until it is taken", async () => {
  const taken: string[] = [];
  const sealer = newSealer(async (part) => {
    const name = hex(digestOf(part));
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(hex(digestOf(part)), name);
    structuredClone(part.buffer, { transfer: [part.buffer as ArrayBuffer] }); // it may be sent to another thread
    assert.equal(part.length, 0);
    taken.push(name);
  });
  sealer.startFile("a", "a/b");
  for (let written = 0; written < 3; written++) await sealer.write(random(PART_SIZE));
  sealer.endFile();
  await sealer.finish(FINISH);
  assert.equal(new Set(taken).size, 4);
});

test("calls out of turn are refused", async () => {
  const refused = (kind: string) => (error: unknown) => error instanceof LetterError && error.kind === kind;
  const sealer = newSealer();
  await assert.rejects(sealer.write(random(1)), refused("malformed"));
  const another = newSealer();
  assert.throws(() => another.endFile(), refused("malformed"));
  another.startFile("a", "a/b");
  assert.throws(() => another.startFile("b", "a/b"), refused("malformed"));
  await assert.rejects(another.finish(FINISH), refused("malformed"));
});

test("a write before the one before has ended is refused, so no byte is sealed out of order", async () => {
  const sealer = newSealer();
  sealer.startFile("a", "a/b");
  const first = sealer.write(random(2 * PART_SIZE));
  await assert.rejects(sealer.write(random(1)), LetterError);
  await first;
  sealer.endFile();
  assert.equal((await sealer.finish(FINISH)).length, 65_536);
});

test("what the taker of parts throws ends the sealing", async () => {
  const sealer = newSealer(async () => Promise.reject(new Error("no circuit")));
  sealer.startFile("a", "a/b");
  await assert.rejects(sealer.write(random(2 * PART_SIZE)), /no circuit/);
  await assert.rejects(sealer.write(random(1)), LetterError);
  sealer.endFile();
  await assert.rejects(sealer.finish(FINISH), LetterError);
});

test("two letters of one source have neither header nor key in common", async () => {
  const [one, other] = [await newSealer().finish(FINISH), await newSealer().finish(FINISH)];
  let equals = 0;
  for (let at = 3500; at < 65_536; at++) if (one[at] === other[at]) equals++;
  assert.ok(equals < 500, `${equals} bytes are equal`);
});
