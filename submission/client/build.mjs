// Builds what sources' browsers run: wire/built/page.js and wire/built/sealer.html. The same source gives the same bytes.
//   node build.mjs            writes wire/built/
//   node build.mjs --check    builds in memory, compares with wire/built/, and fails when anything differs
import { build, version } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const built = join(root, "wire", "built");

/** One script with everything in it, as bytes. */
async function bundle(entry) {
  const result = await build({
    absWorkingDir: here, // else the bytes could depend on where the build was started
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: ["firefox128"], // the ESR that the oldest supported Tor Browser is made from
    minify: true,
    sourcemap: false,
    charset: "ascii", // the same characters whatever encoding the page around it has
    legalComments: "eof", // whose code is in it, as its licences ask for
    logLevel: "warning",
  });
  return Buffer.from(result.outputFiles[0].contents);
}

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("base64");

/** The offline sealer: its page with style, script and word list put in. The place {{roster}} stays, for wire/bundle.py. */
async function sealer() {
  const script = (await bundle("src/offline/entry.ts")).toString("ascii").replace(/<(?=\/script|script|!--)/gi, "\\x3c");
  const style = readFileSync(join(here, "src/offline/sealer.css"), "utf8");
  const places = {
    script,
    "script-sha256": sha256(script),
    style,
    "style-sha256": sha256(style),
    words: readFileSync(join(root, "crypto/words/eff_long.txt"), "ascii"),
  };
  const page = readFileSync(join(here, "src/offline/sealer.html"), "utf8");
  return Buffer.from(page.replace(/\{\{([a-z0-9-]+)\}\}/g, (place, name) => places[name] ?? place));
}

const wanted = { "page.js": await bundle("src/page/entry.ts") };
if (existsSync(join(here, "src/offline/sealer.html"))) wanted["sealer.html"] = await sealer();

if (process.argv.includes("--check")) {
  const differing = Object.entries(wanted).filter(([name, bytes]) => {
    const path = join(built, name);
    return !existsSync(path) || !readFileSync(path).equals(bytes);
  });
  for (const [name] of differing) {
    console.error(`wire/built/${name} is not what its source builds with esbuild ${version}: run node build.mjs`);
  }
  process.exitCode = differing.length === 0 ? 0 : 1;
} else {
  mkdirSync(built, { recursive: true });
  for (const [name, bytes] of Object.entries(wanted)) writeFileSync(join(built, name), bytes);
}
