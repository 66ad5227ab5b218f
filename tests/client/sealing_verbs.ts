import { closeSync, openSync, readSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { CodenameKeys } from "../../submission/client/src/core/codename.ts";
import { letterMacKey } from "../../submission/client/src/core/conversation.ts";
import { hex, type Json } from "../../submission/client/src/core/encoding.ts";
import { cleanName, cleanType } from "../../submission/client/src/core/files.ts";
import { identityFromSeed, unwrap, wrap } from "../../submission/client/src/core/hybrid.ts";
import { encodeContent, encodeLetter, type Letter } from "../../submission/client/src/core/letter.ts";
import { paddedSize } from "../../submission/client/src/core/parts.ts";
import { openReplies } from "../../submission/client/src/core/replies.ts";
import { decodeRoster } from "../../submission/client/src/core/roster.ts";
import { plaintextSizeFor } from "../../submission/client/src/core/seal.ts";
import { LetterSealer } from "../../submission/client/src/core/sealing.ts";
import { shelfName, shelfOf } from "../../submission/client/src/core/shelf.ts";
import { decodeSheet } from "../../submission/client/src/core/sheet.ts";
import { unseal } from "../../submission/client/src/core/unseal.ts";
import { base64Of, bytesOf, Task, type Verb } from "./task.ts";

/** The keys of a codename, as Python derived them. */
function keysOf(task: Task): CodenameKeys {
  const keys = inside(task, "keys");
  return {
    replySeed: keys.bytes("reply_seed"),
    replyRecipient: keys.bytes("reply_recipient"),
    conversation: keys.bytes("conversation"),
    conversationPublic: keys.bytes("conversation_public"),
    shelf: keys.bytes("shelf"),
    caseKey: keys.bytes("case_key"),
  };
}

function inside(task: Task, name: string): Task {
  return new Task(JSON.stringify(task.object(name)));
}

function tasks(task: Task, name: string): readonly Task[] {
  return task.list(name).map((one) => new Task(JSON.stringify(one)));
}

function texts(task: Task, name: string): readonly string[] {
  return task.list(name).map(String);
}

function mapping(task: Task, name: string): { readonly [field: string]: Json } {
  return task.object(name) as { readonly [field: string]: Json };
}

function sealerOf(task: Task, folder: string): LetterSealer {
  let stored = 0;
  return new LetterSealer({
    sheet: decodeSheet(task.bytes("sheet")),
    roster: decodeRoster(task.bytes("roster")),
    keys: keysOf(task),
    sealed: task.text("sealed") === "before" ? "before" : "device",
    notTo: texts(task, "not_to"),
    store: async (part) => {
      await Promise.resolve();
      writeFileSync(join(folder, String(stored++)), part);
    },
  });
}

/** Seals a letter with files from the disk, in pieces of `piece` bytes; the parts go into a folder as 0, 1, … */
async function seal(task: Task): Promise<string> {
  const sealer = sealerOf(task, task.text("folder"));
  for (const file of tasks(task, "files")) {
    sealer.startFile(file.text("name"), file.text("type"));
    await writePieces(sealer, file.text("path"), task.number("piece"));
    sealer.endFile();
  }
  return base64Of(
    await sealer.finish({
      tip: task.bytes("tip"),
      number: task.number("number"),
      language: task.text("language"),
      fields: mapping(task, "fields"),
      story: task.text("story"),
      ...(task.has("claim") ? { claim: task.bytes("claim") } : {}),
    }),
  );
}

async function writePieces(sealer: LetterSealer, path: string, size: number): Promise<void> {
  const piece = new Uint8Array(size);
  const file = openSync(path, "r");
  try {
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece)) await sealer.write(piece.subarray(0, read));
  } finally {
    closeSync(file);
  }
}

function letterOf(task: Task): Letter {
  const letter = inside(task, "letter");
  return {
    instance: letter.bytes("instance"),
    sheet: letter.bytes("sheet"),
    week: letter.text("week"),
    conversation: letter.bytes("conversation"),
    tip: letter.bytes("tip"),
    number: letter.number("number"),
    sealed: letter.text("sealed") === "before" ? "before" : "device",
    replyTo: letter.bytes("reply_to"),
    shelf: letter.number("shelf"),
    caseKey: letter.has("case_key") ? letter.bytes("case_key") : undefined,
    notTo: texts(letter, "not_to"),
    language: letter.text("language"),
    fields: mapping(letter, "fields"),
    story: letter.text("story"),
    listing: {
      files: tasks(letter, "files").map((file) => ({
        name: file.text("name"),
        type: file.text("type"),
        offset: file.number("offset"),
        length: file.number("length"),
        sha256: file.bytes("sha256"),
      })),
      parts: letter.list("parts").map(bytesOf),
      index: letter.number("index") === 1,
    },
    claim: letter.has("claim") ? letter.bytes("claim") : undefined,
  };
}

async function replies(task: Task): Promise<object> {
  const told: (readonly [number, number])[] = [];
  const rosters = task.list("rosters").map((roster) => decodeRoster(bytesOf(roster)));
  const found = await openReplies(task.bytes("shelf"), keysOf(task), rosters, (tried, of) => told.push([tried, of]));
  return {
    replies: found.replies.map((one) => [one.reviewer, one.number, one.seen, one.week, hex(one.roster), one.text]),
    gaps: found.gaps,
    told,
  };
}

function unwrapped(task: Task): string | null {
  const fileKey = unwrap(task.bytes("encapsulated"), task.bytes("body"), identityFromSeed(task.bytes("seed")));
  return fileKey === undefined ? null : hex(fileKey);
}

function wrapped(task: Task): object {
  const { encapsulated, body } = wrap(task.bytes("file_key"), task.bytes("recipient"));
  return { encapsulated: base64Of(encapsulated), body: base64Of(body) };
}

export const sealingVerbs: Readonly<Record<string, Verb>> = {
  seal,
  letter_content: (task) => base64Of(encodeContent(letterOf(task))),
  letter_lines: (task) => base64Of(encodeLetter(letterOf(task), task.bytes("secret"), decodeRoster(task.bytes("roster")))),
  clean_name: (task) => cleanName(task.text("name")),
  clean_type: (task) => cleanType(task.text("type")),
  padded_size: (task) => paddedSize(task.number("header"), task.number("size")),
  plaintext_size_for: (task) => plaintextSizeFor(task.number("header"), task.number("total")) ?? null,
  mac_key: (task) => hex(letterMacKey(task.bytes("secret"), task.bytes("reviewer"))),
  shelf: (task) => [shelfOf(task.bytes("value")), shelfName(task.bytes("value"), task.number("bits"))],
  identity: (task) => hex(identityFromSeed(task.bytes("seed")).recipient),
  unseal: (task) => {
    const plaintext = unseal(task.bytes("sealed"), identityFromSeed(task.bytes("seed")));
    return plaintext === undefined ? null : base64Of(plaintext);
  },
  wrap: wrapped,
  unwrap: unwrapped,
  replies,
};
