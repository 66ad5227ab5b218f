// What a look into pictures finds, and that a clean copy holds the picture and nothing of it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { clean, look, neutralName, type FindingKind } from "../../submission/client/src/look/look.ts";
import { FINDINGS, LOSSES, UNSEEN, WHY_NOT } from "../../submission/client/src/words/look.ts";
import { CMYK, exif, gif, JPEG, jpeg, latin, png, PROGRESSIVE, SECRETS, tiffFile, WEBP, webp } from "./look_pictures.ts";

type Found = Awaited<ReturnType<typeof look>>;

function kinds(found: Found): Set<FindingKind> {
  return new Set(found.findings.map(({ kind }) => kind));
}

function values(found: Found, kind: FindingKind): (string | undefined)[] {
  return found.findings.filter((each) => each.kind === kind).map(({ value }) => value);
}

function holds(bytes: Uint8Array, text: string): boolean {
  return Buffer.from(bytes).includes(Buffer.from(text, "latin1"));
}

const TELLING: Record<string, { bytes: Uint8Array; kinds: FindingKind[] }> = {
  jpeg: {
    bytes: jpeg(),
    kinds: ["gps", "camera", "serial", "author", "software", "date", "thumbnail", "comment", "maker", "settings", "xmp", "iptc", "id", "history", "other", "leftover"],
  },
  progressive: { bytes: jpeg(PROGRESSIVE), kinds: ["gps", "serial"] },
  cmyk: { bytes: jpeg(CMYK), kinds: ["gps", "serial"] },
  "jpeg with a wide space": { bytes: jpeg(JPEG, 1, "p3"), kinds: ["profile"] },
  "jpeg with a screen's space": { bytes: jpeg(JPEG, 1, "screen"), kinds: ["profile"] },
  png: { bytes: png(), kinds: ["gps", "camera", "serial", "author", "software", "date", "comment", "xmp", "other", "leftover"] },
  webp: { bytes: webp(), kinds: ["gps", "camera", "serial", "author", "xmp", "profile", "other"] },
  gif: { bytes: gif(), kinds: ["comment", "leftover"] },
  "tiff, little-endian": { bytes: tiffFile("II"), kinds: ["gps", "camera", "software", "author", "xmp", "name", "thumbnail", "leftover"] },
  "tiff, big-endian": { bytes: tiffFile("MM"), kinds: ["gps", "camera", "software", "author", "xmp", "name", "thumbnail", "leftover"] },
};

for (const [name, sample] of Object.entries(TELLING)) {
  test(`${name}: everything that it tells is found`, async () => {
    const found = await look(sample.bytes, "rosewood.bin");
    const missing = sample.kinds.filter((kind) => !kinds(found).has(kind));
    assert.deepEqual(missing, []);
    assert.equal(found.canClean, true);
    assert.ok(found.cannotSee.includes("faces"));
  });

  test(`${name}: nothing is found in a clean copy, and no secret stands in its bytes`, async () => {
    const copy = await clean(sample.bytes);
    assert.deepEqual((await look(copy, "picture-1.jpg")).findings, []);
    for (const secret of Object.values(SECRETS)) assert.equal(holds(copy, secret), false, secret);
    assert.ok(copy.length <= sample.bytes.length);
  });

  test(`${name}: a clean copy of a clean copy is the same`, async () => {
    const copy = await clean(sample.bytes);
    assert.deepEqual(await clean(copy), copy);
  });
}

test("a position is shown in degrees, south and west negative", async () => {
  assert.deepEqual(values(await look(jpeg(), ""), "gps")[0], "48.85837, -2.29450");
});

test("serial numbers of camera and lens are shown", async () => {
  const found = values(await look(jpeg(), ""), "serial");
  assert.ok(found.includes(SECRETS.serial) && found.includes(SECRETS.lens));
});

test("what was found is shown before the file turned out to be damaged", async () => {
  const found = await look(jpeg().subarray(0, jpeg().length - JPEG.length - 40), "");
  assert.equal(found.canClean, false);
  assert.equal(found.whyNot, "damaged");
  assert.ok(kinds(found).has("gps"));
});

test("a picture that lies turned stays turned, and nothing else of its EXIF stays", async () => {
  const copy = await clean(jpeg(JPEG, 6));
  assert.ok(holds(copy, "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0\xff"));
  assert.equal(holds(await clean(jpeg(JPEG, 1)), "Exif"), false);
});

test("the entropy-coded data of a JPEG stays as it is", async () => {
  for (const bare of [JPEG, PROGRESSIVE, CMYK]) {
    const scan = bare.subarray(bare.findIndex((byte, i) => byte === 0xff && bare[i + 1] === 0xda));
    assert.ok(Buffer.from(await clean(jpeg(bare))).includes(Buffer.from(scan)));
  }
});

test("a profile of a known wide space is replaced by ours, any other goes and it is said", async () => {
  const [wide, screen] = [jpeg(JPEG, 1, "p3"), jpeg(JPEG, 1, "screen")];
  const [kept, gone] = [await clean(wide), await clean(screen)];
  assert.ok(holds(kept, "ICC_PROFILE") && !holds(kept, "Display P3") && !holds(kept, "APPL"));
  assert.equal(holds(gone, "ICC_PROFILE"), false);
  assert.deepEqual(values(await look(screen, ""), "profile"), ["Ada's screen"]);
  assert.ok((await look(screen, "")).loses.includes("colours"));
});

test("the flags of a cleaned WebP tell only what is in it", async () => {
  const copy = await clean(webp());
  assert.equal(copy[20], 0x08); // the orientation, in 26 bytes
  assert.equal(copy.length, 8 + (copy[4]! | (copy[5]! << 8)));
  assert.deepEqual(await clean(WEBP), WEBP);
});

test("a PNG that needs a chunk nobody knows has no clean copy", async () => {
  const bytes = png();
  const at = Buffer.from(bytes).indexOf("prVW");
  bytes.set(latin("PRVW"), at);
  assert.equal((await look(bytes, "")).whyNot, "structure");
  await assert.rejects(clean(bytes), { kind: "structure" });
});

test("the pages of a TIFF keep their pixels", async () => {
  const [bytes, copy] = [tiffFile(), await clean(tiffFile())];
  assert.deepEqual(copy.subarray(8, 8 + 2 * 384), bytes.subarray(8, 8 + 2 * 384));
});

test("a raw camera file has no clean copy", async () => {
  const raw = exif();
  const found = await look(raw, "CRW_0001.dng");
  assert.equal(found.canClean, false);
  assert.ok(kinds(found).has("serial"));
});

test("of a bare picture nothing is found", async () => {
  for (const bare of [JPEG, PROGRESSIVE, CMYK, WEBP]) assert.deepEqual((await look(bare, "rosewood.jpg")).findings, []);
});

test("a file of another kind says that nothing was looked at", async () => {
  const found = await look(latin("\0\0\0\x18ftypheic"), "cat.heic");
  assert.deepEqual(found, { kind: "unknown", findings: [], canClean: false, whyNot: "unknown", cannotSee: ["everything"], loses: [] });
  await assert.rejects(clean(latin("hello")), { kind: "unknown" });
});

test("names that devices give, names with a day and names with a folder are found", async () => {
  const telling = ["IMG_20260412_093001.jpg", "PXL_20260412_073001123.jpg", "IMG_0042.JPG", "DSC01234.jpg", "IMG-20260412-WA0007.jpg", "Screenshot 2026-04-12 at 09.30.png",
    "signal-2026-04-12-093001.jpg", "photo_2026-04-12 09.30.jpeg", "5E1D7B0C-7C0A-4B5B-9C39-3A3B0A2E1234.jpeg", "2026-04-12 market.jpg", "12.04.2026.pdf", "WhatsApp Image 1.jpg",
    "C:\\Users\\ada\\parrots.jpg"];
  for (const name of telling) assert.equal((await look(JPEG, name)).findings.length, 1, name);
  for (const name of ["market.jpg", "rosewood log 3.png", "invoice.pdf", "picture-1.jpg", ""]) assert.equal((await look(JPEG, name)).findings.length, 0, name);
});

test("what is shown cannot turn the page's writing or hide in it", async () => {
  const name = `2026-04-12\u202e\u0007\n${"x".repeat(500)}`;
  const value = (await look(JPEG, name)).findings[0]?.value ?? "";
  assert.ok(value.length <= 120);
  assert.doesNotMatch(value, /[\u202e\u0007\n]/);
});

test("every finding, loss and reason has a sentence in both languages", () => {
  for (const words of [FINDINGS, UNSEEN, LOSSES, WHY_NOT]) {
    for (const [key, { en, fr }] of Object.entries(words)) assert.ok(en !== "" && fr !== "" && en !== fr, key);
  }
});

test("a clean copy is named by its kind and place in the letter alone", () => {
  const names = (["jpeg", "tiff", "docx", "unknown"] as const).map((kind, i) => neutralName(kind, i + 1));
  assert.deepEqual(names, ["picture-1.jpg", "picture-2.tiff", "document-3.docx", "file-4"]);
});

test("an EXIF entry that points outside hides no other", async () => {
  const bytes = jpeg();
  const maker = Buffer.from(bytes).indexOf(Buffer.from([0x7c, 0x92, 7, 0])); // the tag of the maker's notes
  bytes.set([0xff, 0xff, 0xff, 0x7f], maker + 8);
  assert.ok(kinds(await look(bytes, "")).has("gps"));
});
