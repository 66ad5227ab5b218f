// Bundles driver.ts and every *.test.ts below this folder for node, into the folder that is named: node bundle.mjs FOLDER
import { createRequire } from "node:module";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const client = join(here, "..", "..", "submission", "client");
const { build } = createRequire(join(client, "package.json"))("esbuild");

const found = readdirSync(here, { recursive: true }).filter((name) => name.endsWith(".test.ts"));
await build({
  absWorkingDir: here,
  entryPoints: ["driver.ts", ...found.sort()],
  outdir: process.argv[2],
  outbase: here,
  outExtension: { ".js": ".mjs" },
  nodePaths: [join(client, "node_modules")],
  bundle: true,
  format: "esm",
  platform: "node",
  target: ["node20"],
  sourcemap: "inline",
  logLevel: "warning",
});
