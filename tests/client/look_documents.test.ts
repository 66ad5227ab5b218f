// What a look into documents finds, and that a clean copy keeps the text and nothing of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { inflateRawSync } from "node:zlib";

import { clean, look, type FindingKind } from "../../submission/client/src/look/look.ts";
import { docx, odt, pdf, STAYS, WRITTEN, xlsx, zip } from "./look_documents.ts";
import { SECRETS } from "./look_pictures.ts";

type Found = Awaited<ReturnType<typeof look>>;

function kinds(found: Found): Set<FindingKind> {
  return new Set(found.findings.map(({ kind }) => kind));
}

function values(found: Found, kind: FindingKind): (string | undefined)[] {
  return found.findings.filter((each) => each.kind === kind).map(({ value }) => value);
}

/** The members of a zip by its directory, unpacked, names and contents one after another. */
function members(bytes: Uint8Array): Map<string, Buffer> {
  const file = Buffer.from(bytes);
  const found = new Map<string, Buffer>();
  for (let at = file.indexOf("PK\x01\x02"); at >= 0 && file.toString("latin1", at, at + 4) === "PK\x01\x02"; ) {
    const [name, local] = [file.readUInt16LE(at + 28), file.readUInt32LE(at + 42)];
    const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
    const packed = file.subarray(start, start + file.readUInt32LE(at + 20));
    found.set(file.toString("utf8", at + 46, at + 46 + name), file.readUInt16LE(at + 10) === 8 ? inflateRawSync(packed) : packed);
    at += 46 + name;
  }
  return found;
}

const TELLING: Record<string, { bytes: Uint8Array; main?: string; kinds: FindingKind[] }> = {
  docx: {
    bytes: docx(),
    main: "word/document.xml",
    kinds: ["author", "company", "software", "date", "template", "thumbnail", "comment", "changes", "history", "path", "gps", "serial", "other", "name"],
  },
  xlsx: { bytes: xlsx(), main: "xl/workbook.xml", kinds: ["author", "company", "software", "date", "comment", "history", "path", "printer"] },
  odt: { bytes: odt(), main: "content.xml", kinds: ["author", "software", "date", "comment", "changes", "history", "path", "printer", "thumbnail", "gps", "serial", "name"] },
  pdf: { bytes: pdf(), kinds: ["author", "company", "software", "date", "comment", "history", "id", "script", "embedded", "thumbnail", "xmp", "gps", "serial"] },
  "pdf with object streams": { bytes: pdf({ streams: true }), kinds: ["author", "company", "software", "date", "comment", "script", "embedded", "thumbnail", "xmp", "gps"] },
};

for (const [name, sample] of Object.entries(TELLING)) {
  test(`${name}: everything that it tells is found`, async () => {
    const found = await look(sample.bytes, "list");
    assert.deepEqual(sample.kinds.filter((kind) => !kinds(found).has(kind)), []);
    assert.ok(values(found, "author").includes(WRITTEN.author));
    assert.equal(found.canClean, true);
    assert.ok(found.cannotSee.includes("dots") && found.cannotSee.includes("style"));
  });

  test(`${name}: nothing is found in a clean copy, and no secret stands in its bytes`, async () => {
    const copy = await clean(sample.bytes);
    assert.deepEqual((await look(copy, "")).findings, []);
    const parts = sample.main === undefined ? [Buffer.from(copy)] : [...members(copy)].map(([part, data]) => Buffer.concat([Buffer.from(part), data]));
    for (const secret of [...Object.values(SECRETS), ...Object.values(WRITTEN), "bea", "00A77B3E", "0012ab34", "20260412"]) {
      for (const part of parts) assert.equal(part.includes(secret), false, secret);
    }
    if (sample.main !== undefined) assert.ok(members(copy).get(sample.main)?.includes(STAYS));
  });

  test(`${name}: a clean copy of a clean copy is the same`, async () => {
    const copy = await clean(sample.bytes);
    assert.deepEqual(await clean(copy), copy);
  });
}

test("inserted text stays and deleted text goes, with formatting as it is now", async () => {
  const text = members(await clean(docx())).get("word/document.xml")!.toString();
  assert.ok(text.includes(`<w:r><w:t xml:space="preserve"> kept</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>!</w:t></w:r>`));
  assert.ok(text.includes(`<w:hyperlink r:id="rId4">`) && text.includes(`r:embed="rId3"`));
  assert.ok((await look(docx(), "")).loses.includes("changes"));
});

test("relations and the list of parts name only what is there", async () => {
  const found = members(await clean(docx()));
  assert.deepEqual([...found.keys()], [
    "[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/_rels/document.xml.rels", "word/settings.xml", "word/_rels/settings.xml.rels", "word/media/image1.jpeg",
  ]);
  const all = ["[Content_Types].xml", "_rels/.rels", "word/_rels/document.xml.rels"].map((name) => found.get(name)!.toString()).join("");
  assert.doesNotMatch(all, /docProps|comments|customXml/);
});

test("a formula that reads another file is gone, its value and other formulas stay", async () => {
  const sheet = members(await clean(xlsx())).get("xl/worksheets/sheet1.xml")!.toString();
  assert.ok(sheet.includes("<c><f>SUM(A2:A3)</f><v>5</v></c><c><v>7</v></c>"));
  assert.ok(sheet.includes("<pageSetup/>"));
});

test("the kind of an ODF file is its first member, not packed", async () => {
  const copy = Buffer.from(await clean(odt()));
  assert.equal(copy.toString("latin1", 30, 77), "mimetypeapplication/vnd.oasis.opendocument.text");
});

test("the printer is shown", async () => {
  for (const bytes of [xlsx(), odt()]) assert.deepEqual(values(await look(bytes, ""), "printer"), ["Office LaserJet 3"]);
});

test("macros and files of unknown kinds leave no clean copy", async () => {
  const cases = [["word/vbaProject.bin", "script"], ["word/embeddings/oleObject1.bin", "embedded"], ["word/media/clip.mp4", "embedded"], ["word/media/ada's garden.jpeg", "embedded"]] as const;
  for (const [name, why] of cases) {
    const bytes = docx({ [name]: "anything" });
    const found = await look(bytes, "");
    assert.equal(found.whyNot, why);
    assert.ok(values(found, "author").includes(WRITTEN.author));
    await assert.rejects(clean(bytes), { kind: why });
  }
});

test("XML that could hide something from a reader of tags is refused", async () => {
  for (const content of [`<!DOCTYPE x [<!ENTITY a "b">]><x/>`, "\xff\xfe<x/>", "<a><b></a></b>", `<a b="`, "<a", "</a>", "<a>".repeat(10_000)]) {
    await assert.rejects(clean(docx({ "word/styles.xml": Uint8Array.from(content, (sign) => sign.charCodeAt(0)) })));
  }
});

test("a locked PDF and a PDF whose picture stands elsewhere have no clean copy", async () => {
  assert.equal((await look(pdf({ trailer: "/Encrypt 6 0 R" }), "")).whyNot, "encrypted");
  const elsewhere = Buffer.from(pdf()).toString("latin1").replace("/Type/XObject/Subtype/Image", "/F(p.jpg)/Subtype/Image/X 1");
  assert.equal((await look(new Uint8Array(Buffer.from(elsewhere, "latin1")), "")).whyNot, "structure");
});

test("of a PDF that cannot be read its author is still shown", async () => {
  const found = await look(pdf().subarray(0, -40), "");
  assert.equal(found.canClean, false);
  assert.ok(kinds(found).has("software"));
});

test("a zip that is no office file says that nothing was looked at", async () => {
  const found = await look(zip({ "a.txt": "hello" }), "a.zip");
  assert.deepEqual([found.kind, found.whyNot], ["unknown", "unknown"]);
});
