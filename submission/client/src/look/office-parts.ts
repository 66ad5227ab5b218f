// What the parts of an office file are for: ECMA-376 (docx, xlsx, pptx) and ODF 1.3 (odt, ods, odp).
// What is on neither list makes a clean copy impossible: nobody here can say what it holds.
import { characters, text } from "./bytes.ts";
import type { Add, FindingKind } from "./finding.ts";

export type OfficeKind = "docx" | "xlsx" | "pptx" | "odt" | "ods" | "odp";

const KEPT: readonly RegExp[] = [
  /^word\/(document|styles|stylesWithEffects|numbering|fontTable|settings|footnotes|endnotes|header\d*|footer\d*)\.xml$/,
  /^xl\/(workbook|styles|sharedStrings|metadata)\.xml$/,
  /^xl\/(worksheets|chartsheets|tables)\/[^/]+\.xml$/,
  /^ppt\/(presentation|presProps|viewProps|tableStyles)\.xml$/,
  /^ppt\/(slides|slideLayouts|slideMasters|notesSlides|notesMasters|handoutMasters)\/[^/]+\.xml$/,
  /^(word|xl|ppt)\/(theme|charts|drawings|diagrams)\/[^/]+\.xml$/,
  /^(Object \d+\/)?(content|styles)\.xml$/,
];
// Named by a program: a name that a person gave to a file stays one after cleaning, so it makes a clean copy impossible.
const PICTURE = /^((word|xl|ppt)\/(theme\/)?media|Pictures|media)\/((image|picture|img)?\d{0,6}|[0-9a-f]{16,64})\.\w+$/i;
const PROGRAM = /vbaProject|vbaData|activeX|^(Basic|Scripts)\//i;

/** What is left out, and what it counts as. */
const DROPPED: readonly (readonly [RegExp, FindingKind | "quiet"])[] = [
  [/^docProps\/(core|app|custom)\.xml$|^(Object \d+\/)?meta\.xml$/, "software"],
  [/^docProps\/|^Thumbnails\/|^ObjectReplacements\//, "thumbnail"],
  [/^word\/comments\w*\.xml$|^xl\/(comments\d*\.xml|comments\/|threadedComments\/)|^ppt\/comments\/|^xl\/drawings\/[^/]+\.vml$/, "comment"],
  [/^word\/people\.xml$|^xl\/persons\/|^xl\/userNames\.xml$|^ppt\/(commentAuthors|authors)\.xml$|^_xmlsignatures\/|^META-INF\/\w*signatures\.xml$/, "author"],
  [/^(word|xl|ppt)\/printerSettings\/|^(Object \d+\/)?settings\.xml$/, "printer"],
  [/^xl\/(externalLinks|queryTables)\/|^xl\/connections\.xml$/, "path"],
  [/^xl\/revisions\/|^ppt\/changesInfos\/|^ppt\/revisionInfo\.xml$|^Versions\/|^VersionList\.xml$/, "history"],
  [/^xl\/pivot(Tables|Cache)\/|^(word|xl|ppt)\/embeddings\/Microsoft_[\w ]*\.xlsx$/, "embedded"],
  [/^customXml\/|^docMetadata\/|^word\/glossary\/|^ppt\/tags\/|^customUI\/|^xl\/customProperty\/|\/webextensions\//, "other"],
  [/^xl\/calcChain\.xml$|^(word|ppt)\/fonts\/|^Fonts\/|^word\/webSettings\.xml$|^Configurations2\/|^layout-cache$|^manifest\.rdf$/, "quiet"],
];

export type Part = "types" | "relations" | "manifest" | "mimetype" | "xml" | "picture" | "drop" | "script" | "embedded";

/** What a part is: "script" for programs, "embedded" for what nobody here can look into. */
export function partOf(name: string): Part {
  if (name === "[Content_Types].xml") return "types";
  if (name === "META-INF/manifest.xml") return "manifest";
  if (name === "mimetype") return "mimetype";
  if (PROGRAM.test(name)) return "script";
  if (/(^|\/)_rels\/[^/]*\.rels$/.test(name)) return DROPPED.some(([pattern]) => pattern.test(ownerOf(name))) ? "drop" : "relations";
  if (KEPT.some((pattern) => pattern.test(name))) return "xml";
  if (PICTURE.test(name)) return "picture";
  if (DROPPED.some(([pattern]) => pattern.test(name))) return "drop";
  return "embedded";
}

/** The part that a part of relations belongs to: "word/document.xml" for "word/_rels/document.xml.rels". */
export function ownerOf(relations: string): string {
  return relations.replace(/_rels\/([^/]*)\.rels$/, "$1");
}

const PROPERTIES: readonly (readonly [FindingKind, string])[] = [
  ["author", "creator|lastModifiedBy|initial-creator|printed-by|Manager"],
  ["date", "created|modified|lastPrinted|creation-date|print-date|date"],
  ["software", "Application|AppVersion|generator"],
  ["company", "Company"],
  ["template", "Template"],
  ["history", "revision|TotalTime|editing-cycles|editing-duration"],
  ["comment", "title|subject|description|keywords|keyword|category"],
  ["other", "lpwstr|user-defined"],
];
const KIND_OF_PROPERTY = new Map(PROPERTIES.flatMap(([kind, names]) => names.split("|").map((name) => [name, kind] as const)));
const PROPERTY = new RegExp(`<(?:[\\w.-]+:)?(${[...KIND_OF_PROPERTY.keys()].join("|")})(?:\\s[^<>]{0,500})?>([^<]{1,500})<`, "g");
const PERSON = /(?:author|name|displayName|userId|userName)="([^"<]{1,200})"|<(?:\w+:)?author>([^<]{1,200})</g;
const MOST_SHOWN = 40;

function unescape(value: string): string {
  const names: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  return value.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => names[name]!);
}

/** Says what a part that is left out tells; `bytes` are its first ones, undefined when it is too large to look into. */
export function describeDropped(name: string, bytes: Uint8Array | undefined, add: Add): void {
  const kind = DROPPED.find(([pattern]) => pattern.test(name))?.[1] ?? "quiet"; // relations of a part that is left out
  if (kind === "quiet") return;
  const xml = bytes === undefined ? "" : text(bytes, 1 << 18);
  let left = MOST_SHOWN;
  if (kind === "software") {
    add("software"); // such a part always tells of a program
    for (const [, property, value] of xml.matchAll(PROPERTY)) {
      if (left-- > 0) add(KIND_OF_PROPERTY.get(property!) ?? "other", unescape(value!));
    }
    const template = /<meta:template [^>]{0,500}xlink:(?:title|href)="([^"]+)"/.exec(xml)?.[1];
    if (template !== undefined) add("template", unescape(template));
  } else if (kind === "author" || kind === "comment") {
    add(kind);
    for (const [, attribute, element] of xml.matchAll(PERSON)) if (left-- > 0) add("author", unescape(attribute ?? element ?? ""));
  } else if (kind === "printer") {
    // The binary kind starts with the printer's name in UTF-16 (DEVMODEW), the other is XML.
    const printer = name.endsWith(".xml")
      ? /"PrinterName"[^>]{0,100}>([^<]{1,200})</.exec(xml)?.[1]
      : /^[ -~]{3,}/.exec(characters(bytes?.subarray(0, 64) ?? new Uint8Array()).replace(/\0/g, ""))?.[0];
    if (printer !== undefined && printer.trim() !== "") add("printer", unescape(printer));
    else add("settings");
  } else if (kind === "path") add("path", unescape(/(?:Target|connection|sourceFile)="([^"<]{1,300})"/.exec(xml)?.[1] ?? ""));
  else if (kind === "other") add("other", name.split("/").slice(0, -1).join("/"));
  else add(kind);
}
