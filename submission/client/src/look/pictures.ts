// The kinds of picture that can be looked at, alone or inside a document.
import { marked } from "./bytes.ts";
import type { Add } from "./finding.ts";
import { cleanGif, lookAtGif } from "./gif.ts";
import { cleanJpeg, lookAtJpeg } from "./jpeg.ts";
import { cleanPng, lookAtPng } from "./png.ts";
import { cleanTiff, lookAtTiff } from "./tiff.ts";
import { cleanWebp, lookAtWebp } from "./webp.ts";

export type PictureKind = "jpeg" | "png" | "webp" | "gif" | "tiff";

interface Format {
  readonly look: (bytes: Uint8Array, add: Add) => void;
  readonly clean: (bytes: Uint8Array) => Uint8Array;
}

/** Both functions throw LookError where a picture is damaged, or cannot be cleaned for certain. */
export const PICTURES: Readonly<Record<PictureKind, Format>> = {
  jpeg: { look: lookAtJpeg, clean: cleanJpeg },
  png: { look: lookAtPng, clean: cleanPng },
  webp: { look: lookAtWebp, clean: cleanWebp },
  gif: { look: lookAtGif, clean: cleanGif },
  tiff: { look: lookAtTiff, clean: cleanTiff },
};

/** What the first bytes say that a picture is. */
export function pictureKind(bytes: Uint8Array): PictureKind | undefined {
  if (marked(bytes, 0, "\xff\xd8\xff")) return "jpeg";
  if (marked(bytes, 0, "\x89PNG\r\n\x1a\n")) return "png";
  if (marked(bytes, 0, "RIFF") && marked(bytes, 8, "WEBP")) return "webp";
  if (marked(bytes, 0, "GIF87a") || marked(bytes, 0, "GIF89a")) return "gif";
  return marked(bytes, 0, "II*\0") || marked(bytes, 0, "MM\0*") ? "tiff" : undefined;
}
