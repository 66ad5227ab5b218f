// The name of a file can tell as much as the file.
import type { Add, FileKind } from "./finding.ts";

// What phones, cameras, programs and messengers call a file by themselves, mostly with a date or a running number.
const DEVICE_NAMES: readonly RegExp[] = [
  /^_?(IMG|M?VIMG|VID|PXL|DSC[NF]?|DCIM|PANO|BURST|GOPR|G[HX]01|DJI|SAM|C?IMG|MG|P|H?PIC|100|MOV|AUD|PTT|STK|SCAN|DOC|CAM)[-_ ]?\d{3,}/i,
  /^(photo|video|audio|image|file|document)[-_ ]?(\d{1,4}[-_.@ ]){2}\d/i,
  /^(screen ?shot|screen[-_ ]?rec|bildschirmfoto|capture|captura|schermata|whats ?app|signal|telegram|snapchat|messenger|received|fb_img|camscanner|adobe ?scan)(?![a-z])/i,
  /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}/i,
];
const DATE = /(?:^|\D)(?:19|20)\d\d[-_. ]?(?:0[1-9]|1[0-2])[-_. ]?(?:0[1-9]|[12]\d|3[01])(?:\D|$)|(?:^|\D)(?:0[1-9]|[12]\d|3[01])[-_.](?:0[1-9]|1[0-2])[-_.](?:19|20)\d\d/;
const PATH = /[/\\]|^[A-Z]:|\b(users|home|documents and settings)\b.*[-_/\\]/i;

/** Adds "name" when a file's name looks as if a device made it, holds a date, or a folder of the source's computer. */
export function lookAtName(name: string, add: Add): void {
  if (PATH.test(name)) add("path", name);
  else if (DATE.test(name) || DEVICE_NAMES.some((pattern) => pattern.test(name))) add("name", name);
}

/** A name that says nothing: "picture-1.jpg", "document-2.pdf". `number` counts the files of one letter from 1. */
export function neutralName(kind: FileKind, number: number): string {
  const picture = ["jpeg", "png", "webp", "gif", "tiff"].includes(kind);
  const ending = kind === "unknown" ? "" : `.${kind === "jpeg" ? "jpg" : kind}`;
  return `${picture ? "picture" : kind === "unknown" ? "file" : "document"}-${number}${ending}`;
}
