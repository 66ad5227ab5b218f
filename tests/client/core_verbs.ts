import { readFileSync } from "node:fs";

import { sha256 } from "@noble/hashes/sha2.js";

import { argon2id } from "../../submission/client/src/core/argon2.ts";
import {
  type Codename,
  deriveKeys,
  newCodename,
  parseCodename,
  showCodename,
  WordList,
} from "../../submission/client/src/core/codename.ts";
import { decodeEnvelope, verify } from "../../submission/client/src/core/dsse.ts";
import {
  base64,
  dump,
  equal,
  hex,
  isOneLine,
  type Json,
  parse,
  unbase64,
  unhex,
  utf8,
} from "../../submission/client/src/core/encoding.ts";
import { parseJson, type Value } from "../../submission/client/src/core/json.ts";
import { decodeRecipient, encodeRecipient } from "../../submission/client/src/core/recipient.ts";
import { decodeRoster, openRoster } from "../../submission/client/src/core/roster.ts";
import { openSheet } from "../../submission/client/src/core/sheet.ts";
import { spanOf } from "../../submission/client/src/core/week.ts";
import { base64Of, bytesOf, type Task, type Verb } from "./task.ts";

let list: WordList | undefined;

function words(task: Task): WordList {
  return (list ??= WordList.parse(new Uint8Array(readFileSync(task.text("words")))));
}

/** A value as it was read, written again with maps as lists of pairs, so that no order and no name is lost. */
function pairs(value: Value): unknown {
  if (value instanceof Map) return { object: [...value].map(([name, one]) => [name, pairs(one)]) };
  if (Array.isArray(value)) return { array: value.map(pairs) };
  return value;
}

function numbers(task: Task, name: string): Codename {
  return task.list(name).map(Number);
}

async function derive(task: Task): Promise<object> {
  const told: number[] = [];
  const keys = await deriveKeys(numbers(task, "indices"), task.bytes("instance"), (done) => told.push(done));
  return {
    reply_seed: hex(keys.replySeed),
    reply_recipient: encodeRecipient(keys.replyRecipient),
    conversation_private: hex(keys.conversation),
    conversation_public: hex(keys.conversationPublic),
    shelf: hex(keys.shelf),
    case_key: hex(keys.caseKey),
    told: { times: told.length, rises: told.every((one, at) => one >= (told[at - 1] ?? 0)), last: told.at(-1) },
  };
}

function roster(task: Task): object {
  const found = openRoster(task.bytes("envelope"), unhex(task.text("root")), task.text("today"));
  return {
    digest: hex(found.digest),
    version: found.version,
    instance: hex(found.instance),
    expires: found.expires,
    approvals: found.approvals,
    next_root: hex(found.nextRoot),
    reviewers: found.reviewers.map((one) => [one.id, one.label, hex(one.key)]),
    removed: found.removed.map((one) => [one.id, hex(one.key), one.lastEvent === undefined ? null : hex(one.lastEvent)]),
  };
}

function sheet(task: Task): object {
  const found = openSheet(task.bytes("envelope"), decodeRoster(task.bytes("roster")), task.text("today"));
  return {
    digest: hex(found.digest),
    instance: hex(found.instance),
    week: found.week,
    roster_version: found.rosterVersion,
    roster: hex(found.roster),
    keys: found.keys.map((one) => [one.reviewer, hex(sha256(one.recipient))]),
    page_bundle: found.pageBundle === undefined ? null : hex(found.pageBundle),
    sealer: found.sealer === undefined ? null : hex(found.sealer),
    shelf_bits: found.shelfBits,
  };
}

function envelope(task: Task): object {
  const found = decodeEnvelope(task.bytes("envelope"));
  const keys = task.list("keys").map((key) => unhex(String(key)));
  const signers = verify(found, task.text("type"), keys, task.number("threshold"));
  return { payload: hex(found.payload), signers: [...signers].sort() };
}

/** Reads the one field `name` of an object in the way that is named. */
function field(task: Task): unknown {
  const fields = parse(task.bytes("message"), 1 << 20, "message");
  const [least, most] = [task.number("least"), task.number("most")];
  const ways: Readonly<Record<string, () => unknown>> = {
    text: () => fields.text("name", most, least),
    line: () => fields.line("name", most, least),
    integer: () => fields.integer("name", least, most),
    hex: () => hex(fields.hex("name", most)),
    base64: () => base64(fields.base64("name", least, most)),
    objects: () => fields.objects("name", most, least).length,
  };
  const found = ways[task.text("way")]?.();
  fields.end();
  return found;
}

export const coreVerbs: Readonly<Record<string, Verb>> = {
  parse: (task) => pairs(parseJson(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(task.bytes("message")))),
  parse_object: (task) => parse(task.bytes("message"), task.number("limit"), "message").has("name"),
  dump: (task) => base64Of(dump(task.object("value") as Record<string, Json>)),
  dump_nothing_else: () => [0.5, NaN, 2 ** 53, undefined, "\ud800", { 7: 1 }, { "\udc00": 1 }, 10n].map(refusesToDump),
  field,
  hex: (task) => hex(unhex(task.text("text"))),
  base64: (task) => base64Of(unbase64(task.text("text"))),
  write_base64: (task) => base64(task.bytes("bytes")),
  utf8: (task) => base64Of(utf8(task.text("text"))),
  is_one_line: (task) => isOneLine(task.text("text")),
  equal: (task) => equal(task.bytes("one"), task.bytes("other")),
  word_list: (task) => WordList.parse(task.bytes("text")).words.length,
  new_codename: () => newCodename(),
  parse_codename: (task) => parseCodename(task.text("text"), words(task)),
  show_codename: (task) => showCodename(numbers(task, "indices"), words(task)),
  derive,
  argon2id: async (task) => {
    const cost = { memory: task.number("memory"), passes: task.number("passes") };
    return hex(await argon2id(task.bytes("password"), task.bytes("salt"), cost, () => undefined));
  },
  recipient: (task) => hex(decodeRecipient(task.text("text"))),
  write_recipient: (task) => encodeRecipient(bytesOf(task.text("recipient"))),
  envelope,
  roster,
  sheet,
  week: (task) => spanOf(task.text("week")) ?? null,
};

function refusesToDump(value: unknown): boolean {
  try {
    dump({ name: value as Json });
    return false;
  } catch (error) {
    return error instanceof Error && "kind" in error;
  }
}
