// IPTC-IIM records and the Photoshop image resources that carry them (IIM 4.2; Adobe Photoshop file format).
import { marked, number, slice, text } from "./bytes.ts";
import { LookError } from "./errors.ts";
import type { Add, FindingKind } from "./finding.ts";

// Data sets of record 2, the application record.
const KIND_OF_DATASET: Readonly<Record<number, FindingKind>> = {
  5: "comment", 25: "comment", 105: "comment", 120: "comment",
  55: "date", 60: "date", 62: "date", 63: "date",
  65: "software", 70: "software",
  80: "author", 85: "author", 110: "author", 115: "author", 116: "author", 118: "author", 122: "author",
  90: "gps", 92: "gps", 95: "gps", 101: "gps",
  103: "id",
};
const MOST_RECORDS = 500;

/** Says what IPTC records tell; stops in silence where they are damaged, since any IPTC is a finding. */
export function describeIptc(bytes: Uint8Array, add: Add): void {
  add("iptc");
  let at = 0;
  for (let left = MOST_RECORDS; left > 0 && at + 5 <= bytes.length && bytes[at] === 0x1c; left--) {
    const size = number(bytes, at + 3, 2);
    if (size >= 0x8000 || at + 5 + size > bytes.length) return;
    const kind = bytes[at + 1] === 2 ? KIND_OF_DATASET[bytes[at + 2] ?? 0] : undefined;
    if (kind !== undefined) add(kind, text(slice(bytes, at + 5, size)));
    at += 5 + size;
  }
}

/** Says what Photoshop image resources tell. */
export function describeResources(bytes: Uint8Array, add: Add): void {
  add("history");
  try {
    let at = 0;
    for (let left = MOST_RECORDS; left > 0 && marked(bytes, at, "8BIM"); left--) {
      const kind = number(bytes, at + 4, 2);
      const name = at + 6;
      const start = name + ((number(bytes, name, 1) + 2) & ~1); // the name is padded to an even size
      const data = slice(bytes, start + 4, number(bytes, start, 4));
      if (kind === 0x404) describeIptc(data, add);
      if (kind === 0x409 || kind === 0x40c) add("thumbnail");
      at = start + 4 + ((data.length + 1) & ~1);
    }
  } catch (error) {
    if (!(error instanceof LookError)) throw error;
  }
}
