// Runs in a browser: cleans files and compares what the browser decodes before and after. The page's text says what came of it.
import { clean, look } from "../../submission/client/src/look/look.ts";

const TYPES: Readonly<Record<string, string>> = { jpg: "image/jpeg", png: "image/png", webp: "image/webp", gif: "image/gif" };

async function pixels(bytes: Uint8Array, type: string, colours: "default" | "none"): Promise<ImageData> {
  const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type }), { colorSpaceConversion: colours });
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
  const context = canvas.getContext("2d");
  if (context === null) throw new TypeError("no canvas");
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

async function verdict(name: string, bytes: Uint8Array): Promise<string> {
  const copy = await clean(bytes);
  if ((await look(copy, "")).findings.length > 0) return "something is found in the copy";
  const type = TYPES[name.split(".").at(-1) ?? ""];
  if (type === undefined) return "cleaned";
  // Where the profile of one screen goes, colours may change; without profiles they must not.
  const colours = name === "screen.jpg" || name === "all.webp" ? "none" : "default";
  const [before, after] = [await pixels(bytes, type, colours), await pixels(copy, type, colours)];
  const equal = before.width === after.width && before.height === after.height && before.data.every((value, i) => value === after.data[i]);
  return equal ? `the same ${after.width} x ${after.height} pixels` : "other pixels";
}

async function all(samples: Readonly<Record<string, string>>): Promise<void> {
  const told: Record<string, string> = {};
  for (const [name, base64] of Object.entries(samples)) {
    const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
    told[name] = await verdict(name, bytes).catch((error: unknown) => String(error));
  }
  document.body.textContent = JSON.stringify(told);
}

void all(JSON.parse(document.querySelector("#samples")?.textContent ?? "{}") as Record<string, string>);
