// Words and figures of the page: in both languages, and as people write them.
import assert from "node:assert/strict";
import { test } from "node:test";

import { startPace } from "../../../submission/client/src/page/pace.ts";
import { FILES } from "../../../submission/client/src/words/files.ts";
import { PAGE } from "../../../submission/client/src/words/page.ts";
import { bytes, count, languageOf, speaker, type Sentence } from "../../../submission/client/src/words/say.ts";
import { CODENAME, REFUSED, TROUBLE } from "../../../submission/client/src/words/trouble.ts";

const SENTENCES: readonly [string, Sentence][] = Object.entries({ ...FILES, ...PAGE, ...REFUSED, ...CODENAME, ...TROUBLE });

test("each sentence has the same places for values in both languages", () => {
  const places = (text: string): string => [...new Set(text.match(/\{[a-z]+\}/g) ?? [])].sort().join();
  for (const [name, { en, fr }] of SENTENCES) {
    assert.equal(places(en), places(fr), name);
    assert.ok(en.trim() !== "" && fr.trim() !== "", name);
  }
});

test("a sentence is spoken with its values", () => {
  const say = speaker("fr");
  assert.equal(say({ en: "{a} of {b}", fr: "{a} sur {b}" }, { a: "1" }), "1 sur {b}");
});

test("a page that is not French is English", () => {
  assert.deepEqual(["fr", "FR-ca", "en", "", "de"].map(languageOf), ["fr", "fr", "en", "en", "en"]);
});

test("numbers are grouped as each language does", () => {
  assert.deepEqual([count("en", 12_500), count("fr", 1_234_567), count("en", 999)], ["12,500", "1\u202f234\u202f567", "999"]);
});

test("sizes are written for people", () => {
  const sizes = [0, 1, 999_999, 1_000_000, 3_449_000, 25_000_000];
  assert.deepEqual(
    sizes.map((size) => bytes("en", size)),
    ["0 kB", "1 kB", "1,000 kB", "1.0 MB", "3.4 MB", "25 MB"].map((text) => text.replace(" ", "\u00a0")),
  );
  assert.equal(bytes("fr", 3_449_000), "3,4\u00a0Mo");
});

test("the rest takes as long as the first did, without the time in which nothing could be done", () => {
  let now = 0;
  const pace = startPace(() => now);
  assert.equal(pace.secondsFor(1), undefined);
  now = 400;
  pace.note(100);
  assert.equal(pace.secondsFor(100), undefined);
  now = 11_000;
  pace.leaveOut(1_000);
  pace.note(1_000);
  assert.equal(pace.secondsFor(2_000), 20);
});
