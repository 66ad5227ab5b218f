// How long the sealing client takes, with a JIT and without one (as at Tor Browser's level Safer), beside age-encryption.
//   node bench/client.mjs [MEBIBYTES …]        after npm ci in submission/client and in tests/interop
// Times are those of the processor, so that what else the machine does counts little. What runs is this file's second
// half, bundled for node: `node --jitless` is given it once for each line.
import { createRequire } from "node:module";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const client = join(here, "..", "submission", "client");
const interop = join(here, "..", "tests", "interop");

const RUNS = 3;

const measured = `
import { randomBytes } from "node:crypto";
import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { identityFromSeed } from "./src/core/hybrid.ts";
import { encodeRecipient } from "./src/core/recipient.ts";
import { openReplies } from "./src/core/replies.ts";
import { plaintextSizeFor, Sealer } from "./src/core/seal.ts";
import { LetterSealer } from "./src/core/sealing.ts";
import { Encrypter } from "age-encryption";

const random = (size) => new Uint8Array(randomBytes(size));
const [what, mebibytes] = [process.argv[2], Number(process.argv[3])];
const [conversation, replySeed] = [random(32), random(32)];
const reviewers = ["r1", "r2", "r3"].map((id) => ({ id, label: id, key: ed25519.getPublicKey(random(32)) }));
const recipients = reviewers.map(() => identityFromSeed(random(32)).recipient);
const roster = { instance: random(16), version: 1, digest: random(32), approvals: 2, reviewers, removed: [] };
const sheet = {
  instance: roster.instance, week: "2026-W48", rosterVersion: 1, roster: roster.digest, digest: random(32), shelfBits: 0,
  keys: reviewers.map(({ id }, at) => ({ reviewer: id, recipient: recipients[at] })),
};
const keys = {
  replySeed, replyRecipient: identityFromSeed(replySeed).recipient, conversation,
  conversationPublic: x25519.getPublicKey(conversation), shelf: random(32), caseKey: random(32),
};
const piece = random(65536);

async function letter() {
  const sealer = new LetterSealer({ sheet, roster, keys, sealed: "device", notTo: [], store: async () => undefined });
  for (let at = 0; at < mebibytes * 16; at++) {
    if (at === 0) sealer.startFile("a", "a/b");
    await sealer.write(piece);
  }
  if (mebibytes > 0) sealer.endFile();
  await sealer.finish({ tip: random(16), number: 1, language: "en", fields: {}, story: "seen at the market" });
}

async function peer() {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(encodeRecipient(recipient));
  let left = mebibytes * 16;
  const source = new ReadableStream({ pull: (to) => (left-- > 0 ? to.enqueue(piece) : to.close()) });
  for await (const sealed of await encrypter.encrypt(source)) void sealed;
}

const SHELF = 20;
async function replies() {
  const shelf = new Uint8Array(16384 * SHELF);
  for (let at = 0; at < SHELF; at++) {
    const sealer = new Sealer([recipients[0]], []);
    const sealed = sealer.chunk(new Uint8Array(plaintextSizeFor(sealer.headerSize, 16384)), true);
    shelf.set(sealer.start, 16384 * at);
    shelf.set(sealed, 16384 * at + sealer.start.length);
  }
  before = process.cpuUsage();
  await openReplies(shelf, keys, [roster]);
}

if (what === "no-native") Object.defineProperty(crypto, "subtle", { value: undefined });
let before = process.cpuUsage();
await { letter, "no-native": letter, peer, replies }[what]();
const spent = process.cpuUsage(before);
const milliseconds = (spent.user + spent.system) / 1000 / (what === "replies" ? SHELF : 1);
const memory = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ milliseconds, memory }));
`;

async function main(sizes) {
  const folder = mkdtempSync(join(tmpdir(), "lapwing-bench-"));
  try {
    const script = join(folder, "measured.mjs");
    await createRequire(join(client, "package.json"))("esbuild").build({
      stdin: { contents: measured, resolveDir: client, loader: "js" },
      nodePaths: [join(client, "node_modules"), join(interop, "node_modules")],
      bundle: true,
      format: "esm",
      platform: "node",
      outfile: script,
      logLevel: "error",
    });
    const each = (size) => ["letter", "no-native", "peer"].map((what) => [what, size]);
    const lines = [["letter", 0], ...sizes.flatMap(each), ["replies", 0]];
    const words = {
      letter: (size) => (size === 0 ? "a letter without files" : `letter and files of ${size} MiB`),
      "no-native": (size) => `the same, all in JavaScript, ${size} MiB`,
      peer: (size) => `age-encryption, sealing alone, ${size} MiB`,
      replies: () => "a reply tried",
    };
    console.log("| | with a JIT | without | most memory without |\n| --- | --- | --- | --- |");
    for (const [what, size] of lines) {
      const [jit, none] = [[], ["--jitless", "--no-warnings"]].map((options) => median(options, script, what, size));
      console.log(`| ${words[what](size)} | ${time(jit)} | ${time(none)} | ${Math.round(none.memory)} MiB |`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The median of several runs. */
function median(options, script, what, size) {
  const runs = Array.from({ length: RUNS }, () => {
    const run = spawnSync(process.execPath, [...options, script, what, String(size)], { encoding: "utf8" });
    if (run.status !== 0) throw new Error(run.stderr);
    return JSON.parse(run.stdout);
  });
  return runs.sort((one, other) => one.milliseconds - other.milliseconds)[RUNS >> 1];
}

function time({ milliseconds }) {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}

const sizes = process.argv.slice(2).map(Number);
await main(sizes.length > 0 ? sizes : [5, 25]);
