// What of a PDF's objects a clean copy keeps: pages, fonts, pictures, links. Comments, programs, attached files and traces of editing go.
import type { Add, FindingKind } from "./finding.ts";
import { dictionary } from "./pdf-file.ts";
import { showString, type Dictionary, type Value } from "./pdf-syntax.ts";

/** Entries that are left out wherever they stand, and what they count as. */
const DROPPED: ReadonlyMap<string, FindingKind | "quiet"> = new Map(
  (
    [
      ["xmp", "Metadata"],
      ["history", "PieceInfo LastModified"],
      ["thumbnail", "Thumb"],
      ["script", "JavaScript JS AA XFA"],
      ["embedded", "EmbeddedFiles AF Collection AlternatePresentations Renditions EF RichMediaContent"],
      ["author", "Perms Legal DSS Author Creator Producer CreatorInfo"],
      ["date", "CreationDate ModDate"],
      // The tree for screen readers holds alternative texts, often with a picture's folder; the language can tell a country.
      ["quiet", "StructTreeRoot Threads SpiderInfo OPI Alternates MarkInfo Lang IDS URLS WebCapture ID StructParent StructParents"],
    ] as const
  ).flatMap(([kind, names]) => names.split(" ").map((name) => [name, kind] as const)),
);
/** Entries of links and form fields that say who made them, when, or what for. */
const OF_ANNOTATIONS = new Set(["M", "NM", "Contents", "Popup", "RC", "Subj", "IRT"]);
const KEPT_ANNOTATIONS = new Set(["Link", "Widget"]);
const REFUSED_ACTIONS = new Set([
  "JavaScript", "Launch", "GoToR", "GoToE", "SubmitForm", "ImportData", "Rendition", "Movie", "Sound", "RichMediaExecute", "Thread", "Trans3D",
]);
const INFO: Readonly<Record<string, FindingKind>> = {
  Author: "author", Company: "company", Creator: "software", Producer: "software", CreationDate: "date", ModDate: "date",
  Title: "comment", Subject: "comment", Keywords: "comment", SourceModified: "date", Manager: "author",
};
const QUIET_INFO = new Set(["Trapped"]);

function nameOf(value: Value | undefined): string {
  return value?.kind === "name" ? value.name : "";
}

/** "D:20260412093000+02'00'" as a day and time that people read. */
function showDate(value: string): string {
  return value.replace(/^D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?.*$/s, (_, year: string, ...rest: (string | undefined)[]) => {
    const [month, day, hour, minute] = rest;
    return `${year}${month ? `-${month}` : ""}${day ? `-${day}` : ""}${hour && minute ? ` ${hour}:${minute}` : ""}`;
  });
}

/** Says what the document information dictionary tells. */
export function describeInfo(info: Dictionary, add: Add): void {
  for (const [name, value] of info) {
    const shown = showString(value);
    if (shown !== "") add(INFO[name] ?? "other", INFO[name] === undefined ? `${name}: ${shown}` : showDate(shown));
    else if (value.kind === "reference") add(INFO[name] ?? "other");
    else if (!QUIET_INFO.has(name) && value.kind === "dictionary") add("other", name);
  }
}

/** Whether a dictionary as a whole is left out; it says what it is. */
export function isRefused(entries: Dictionary, add: Add): boolean {
  const subtype = nameOf(entries.get("Subtype"));
  if (entries.has("Rect") && subtype !== "" && !KEPT_ANNOTATIONS.has(subtype)) {
    add(subtype === "FileAttachment" ? "embedded" : "comment", showString(entries.get("Contents")) || subtype);
    if (entries.has("T")) add("author", showString(entries.get("T")));
    if (entries.has("M")) add("date", showDate(showString(entries.get("M"))));
    return true;
  }
  if (entries.has("ByteRange") || nameOf(entries.get("Type")) === "Sig") {
    add("author", showString(entries.get("Name")));
    return true;
  }
  const action = nameOf(entries.get("S"));
  if (REFUSED_ACTIONS.has(action)) {
    const file = entries.get("F");
    if (action === "JavaScript" || action === "Rendition") add("script");
    else add("path", showString(file) || showString(dictionary(file).get("UF")) || showString(dictionary(file).get("F")));
    return true;
  }
  if (nameOf(entries.get("Type")) === "Filespec" || nameOf(entries.get("Type")) === "EmbeddedFile") {
    add("embedded", showString(entries.get("UF")) || showString(entries.get("F")));
    return true;
  }
  return false;
}

/** Whether an entry of a dictionary is left out; it says what it is. */
export function isDropped(entries: Dictionary, name: string, value: Value, add: Add): boolean {
  if (entries.has("Rect") && entries.has("Subtype") && OF_ANNOTATIONS.has(name)) {
    if (name === "M") add("date", showDate(showString(value)));
    if (name === "Contents" && showString(value) !== "") add("comment", showString(value));
    return true;
  }
  if (name === "URI" && /^\s*file:/i.test(showString(value))) {
    add("path", showString(value));
    return true;
  }
  // pdfTeX notes where each figure came from, with its folder and its own information dictionary.
  const kind = name.startsWith("PTEX.") ? "path" : DROPPED.get(name);
  // Names of colours, fonts and fields are free: in a dictionary of resources "Author" could be one.
  if (kind === undefined || (value.kind === "reference" && ["Author", "Creator", "Producer", "ID", "EF"].includes(name))) return false;
  if (kind !== "quiet") add(kind, kind === "date" ? showDate(showString(value)) : showString(value));
  return true;
}
