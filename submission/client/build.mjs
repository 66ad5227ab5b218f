// Builds what sources' browsers run, wire/built/page.js, claim.js and sealer.html, and wire/built/licences.txt, the terms
// of whatever else is in them. The same source gives the same bytes.
//   node build.mjs            writes wire/built/
//   node build.mjs --check    builds in memory, compares with wire/built/, and fails when anything differs
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build, version } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const built = join(root, "wire", "built");

const packages = new Set(); // whose code is in what was built

/** One script with everything in it, as bytes. */
async function bundle(entry, options = {}) {
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
    legalComments: "eof",
    metafile: true,
    logLevel: "warning",
    ...options,
  });
  for (const input of Object.keys(result.metafile.inputs)) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1];
    if (name !== undefined) packages.add(name);
  }
  return Buffer.from(result.outputFiles[0].contents);
}

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("base64");

/** The offline sealer: its page with style, script and word list put in. The place {{roster}} stays, for wire/bundle.py. */
async function sealer() {
  const script = (await bundle("src/offline/entry.ts")).toString("ascii");
  // Within a page these would end or hide the script; esbuild writes them in another way.
  if (/<\/script|<script|<!--/i.test(script)) throw new Error("the sealer's script holds a tag: write it as <\\/…");
  const style = [join(root, "submission/static/style.css"), join(here, "src/offline/sealer.css")]
    .map((path) => readFileSync(path, "utf8"))
    .join("");
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

/** The licence of each package, in the order of their names. */
function licences() {
  const texts = [...packages].sort().map((name) => {
    const folder = join(here, "node_modules", name);
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return `${name} ${version}\n\n${readFileSync(join(folder, "LICENSE"), "utf8").trim()}\n`;
  });
  return Buffer.from(`Code of these packages is in page.js, claim.js and sealer.html.\n\n${texts.join("\n\n")}`);
}

const claims = await bundle("src/claims/entry.ts", { globalName: "lapwingClaims" });
// The page's script vouches for the claims' one: whoever knows the hash of the first knows that of the other.
const CLAIMS_HASH = JSON.stringify(`sha256-${sha256(claims)}`);
const wanted = {
  "page.js": await bundle("src/page/entry.ts", { define: { CLAIMS_HASH } }),
  "claim.js": claims,
  "sealer.html": await sealer(),
};
wanted["licences.txt"] = licences();

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
