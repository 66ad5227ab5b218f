// Files that are damaged, or made to do harm: they must end in an answer, soon, and with little memory.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync, deflateSync } from "node:zlib";

import { clean, look, LookError } from "../../submission/client/src/look/look.ts";
import { lookAtOffice } from "../../submission/client/src/look/office.ts";
import { lookAtPdf } from "../../submission/client/src/look/pdf.ts";
import { PICTURES, pictureKind } from "../../submission/client/src/look/pictures.ts";
import { docx, odt, pdf, xlsx } from "./look_documents.ts";
import { big, CMYK, concat, exif, gif, jpeg, latin, little, png, PROGRESSIVE, tiff, tiffFile, webp } from "./look_pictures.ts";

/** Numbers that follow from a seed (mulberry32), so that what fails once fails again. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * sides);
  };
}

/** A file with some bytes changed, cut, doubled or set to what breaks sizes. */
function mutated(bytes: Uint8Array, roll: (sides: number) => number): Uint8Array {
  let file = new Uint8Array(bytes);
  for (let left = 1 + roll(6); left > 0; left--) {
    const at = roll(file.length);
    const kind = roll(5);
    if (kind === 0) file[at] = roll(256);
    else if (kind === 1) file[at] = [0, 1, 0x7f, 0x80, 0xff][roll(5)]!;
    else if (kind === 2) file.set(new Uint8Array(4).fill(roll(2) * 255).subarray(0, file.length - at), at);
    else if (kind === 3 && roll(4) === 0) file = file.slice(0, at + 1);
    else if (kind === 4) file = new Uint8Array(concat(file.subarray(0, at), file.subarray(roll(at + 1), at), file.subarray(at)));
  }
  return file;
}

async function inside(bytes: Uint8Array): Promise<void> {
  const add = (): void => undefined;
  const picture = pictureKind(bytes);
  if (picture !== undefined) return PICTURES[picture].look(bytes, add);
  return bytes[0] === 0x25 ? lookAtPdf(bytes, add) : lookAtOffice(bytes, add);
}

const SAMPLES = { jpeg: jpeg(), progressive: jpeg(PROGRESSIVE, 1, "p3"), cmyk: jpeg(CMYK), png: png(), webp: webp(), gif: gif(), tiff: tiffFile(), big: tiffFile("MM"), docx: docx(), xlsx: xlsx(), odt: odt(), pdf: pdf(), streams: pdf({ streams: true }) };

for (const [name, sample] of Object.entries(SAMPLES)) {
  test(`${name}: whatever is changed in it, a look gives an answer, and a clean copy holds nothing`, async () => {
    const roll = dice(name.length * 7919 + sample.length);
    for (let i = 0; i < 250; i++) {
      const file = mutated(sample, roll);
      // Not only no other error at the door: none inside either, so that none hides a mistake.
      await inside(file).catch((error: unknown) => assert.ok(error instanceof LookError, `change ${i}: ${String(error instanceof Error ? error.stack : error)}`));
      const found = await look(file, "x");
      if (!found.canClean) continue;
      const copy = await clean(file).catch((error: unknown) => void assert.ok(error instanceof LookError));
      if (copy !== undefined) assert.deepEqual((await look(copy, "x")).findings, []);
    }
  });
}

/** Runs `work` and says how long it took, in seconds. */
async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

test("a zip that unpacks to gigabytes is refused after a few megabytes", async () => {
  const bomb = new Uint8Array(deflateRawSync(new Uint8Array(64 << 20)));
  const honest = Buffer.from(docx({ "word/styles.xml": "x".repeat(1000) }));
  // A member that claims 1,000 bytes and unpacks to 64 MiB.
  const at = honest.indexOf("word/styles.xml") + 15;
  const packed = deflateRawSync(Buffer.from("x".repeat(1000)));
  const lying = Buffer.concat([honest.subarray(0, at), bomb, honest.subarray(at + packed.length)]);
  const shift = bomb.length - packed.length;
  const end = lying.lastIndexOf("PK\x05\x06");
  lying.writeUInt32LE(lying.readUInt32LE(end + 16) + shift, end + 16);
  for (let entry = lying.readUInt32LE(end + 16); entry < end; entry += 46 + lying.readUInt16LE(entry + 28)) {
    const name = lying.toString("latin1", entry + 46, entry + 46 + lying.readUInt16LE(entry + 28));
    if (name === "word/styles.xml") lying.writeUInt32LE(bomb.length, entry + 20);
    else if (lying.readUInt32LE(entry + 42) > at) lying.writeUInt32LE(lying.readUInt32LE(entry + 42) + shift, entry + 42);
  }
  const before = process.memoryUsage().rss;
  const found = await look(new Uint8Array(lying), "");
  assert.deepEqual([found.kind, found.whyNot], ["docx", "too-large"]);
  assert.ok(process.memoryUsage().rss - before < 60 << 20);
});

test("a zip that claims to unpack to more than can be held is refused before it is unpacked", async () => {
  const claiming = Buffer.from(docx());
  const entry = claiming.lastIndexOf("PK\x01\x02");
  claiming.writeUInt32LE(0xfffffff0, entry + 24);
  const found = await look(new Uint8Array(claiming), "");
  assert.equal(found.whyNot, "too-large");
});

test("a PDF whose object stream unpacks to gigabytes is refused", async () => {
  const data = deflateSync(new Uint8Array(256 << 20));
  const head = concat(latin(`%PDF-1.5\n1 0 obj\n<</Type/XRef/W[1 4 1]/Size 9/Root 2 0 R/Filter/FlateDecode/Length ${data.length}>>\nstream\n`), data);
  const found = await look(concat(head, latin("\nendstream\nendobj\nstartxref\n9\n%%EOF\n")), "");
  assert.equal(found.whyNot, "too-large");
});

test("directories that point at themselves end", async () => {
  const loop = tiff([[{ tag: 0x100, shorts: [1] }]]);
  const at = Buffer.from(loop).readUInt32LE(4);
  loop.set(little(at, 4), at + 2 + 12);
  assert.equal((await look(loop, "")).whyNot, "damaged");
  const inner = exif();
  const pointer = Buffer.from(inner).indexOf(Buffer.from([0x69, 0x87, 4, 0]));
  inner.set(Buffer.from(inner).subarray(4, 8), pointer + 8);
  assert.ok((await look(inner, "")).findings.length > 0);
});

test("a PDF whose objects and tables point at each other in circles ends", async () => {
  const text = "%PDF-1.4\n1 0 obj\n<</A[1 0 R 1 0 R]/B 2 0 R>>\nendobj\n2 0 obj\n[1 0 R 2 0 R]\nendobj\n";
  const second = String(text.indexOf("2 0 obj")).padStart(10, "0");
  const table = `xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n${second} 00000 n \ntrailer\n<</Root 1 0 R/Prev ${text.length}>>\nstartxref\n${text.length}\n%%EOF`;
  assert.equal((await look(latin(text + table), "")).canClean, true);
});

test("huge numbers of small pieces take no more than seconds", async () => {
  const many: Record<string, Uint8Array> = {
    jpeg: concat(latin("\xff\xd8\xff"), new Uint8Array(4 << 20).fill(0xff)),
    segments: concat(latin("\xff\xd8"), latin("\xff\xfe\0\x02".repeat(100_000))),
    png: concat(latin("\x89PNG\r\n\x1a\n"), latin("\0\0\0\0tEXt\0\0\0\0".repeat(300_000))),
    gif: concat(latin("GIF89a\x01\0\x01\0\0\0\0"), latin("\x21\xfe\0".repeat(200_000))),
    webp: concat(latin("RIFF"), little(4 + 800_000, 4), latin("WEBP"), latin("EXIF\0\0\0\0".repeat(100_000))),
    pdf: latin(`%PDF-1.4\n1 0 obj\n${"[".repeat(1_000_000)}\nendobj\nxref\n1 1\n0000000009 00000 n \ntrailer<</Root 1 0 R>>\nstartxref\n1000026\n%%EOF`),
    xmp: concat(latin("\x89PNG\r\n\x1a\n"), big(3_000_022, 4), latin("iTXtXML:com.adobe.xmp\0\0\0\0\0"), latin(":creator ".repeat(333_333)), new Uint8Array(20)),
    tags: docx({ "word/styles.xml": `<a>${"<b c='".repeat(200_000)}` }),
    quotes: docx({ "word/styles.xml": `<a>${"<b>'\"".repeat(200_000)}` }),
  };
  for (const [name, file] of Object.entries(many)) assert.ok((await seconds(() => look(file, ""))) < 4, name);
});

test("a name of any length or content gives an answer", async () => {
  for (const name of ["\0", "\ud800", "/".repeat(100_000), "a".repeat(1_000_000), "0123456789 ".repeat(100_000)]) {
    assert.ok((await seconds(() => look(latin("x"), name))) < 2);
  }
});

test("25 MiB are looked at and cleaned without copies piling up", async () => {
  const noise = new Uint8Array(25 << 20);
  const roll = dice(1);
  for (let i = 0; i < noise.length; i += 997) noise[i] = roll(255);
  const scan = PROGRESSIVE.lastIndexOf(0xda) + 9;
  const file = concat(jpeg(PROGRESSIVE.subarray(0, scan)).subarray(0, -scan), noise, latin("\xff\xd9"));
  const before = process.memoryUsage().rss;
  const copy = await clean(file);
  assert.ok(process.memoryUsage().rss - before < 100 << 20);
  assert.ok(copy.length > noise.length && copy.length < file.length);
});
