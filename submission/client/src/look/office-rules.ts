// What stays of the XML in office files. Tracked changes become the text as it is now; comments and traces of editing go.
import { LookError } from "./errors.ts";
import type { Add, FindingKind } from "./finding.ts";
import type { Rules } from "./markup.ts";

type Fates = ReadonlyMap<string, FindingKind | "quiet">;

function fates(...rows: readonly (readonly [FindingKind | "quiet", string])[]): Fates {
  return new Map(rows.flatMap(([kind, names]) => names.split(" ").map((name) => [name, kind] as const)));
}

// Names without prefix where they mean one thing only in the parts that are kept: a program may choose its prefixes.
const OOXML: Fates = fates(
  ["changes", "del moveFrom rPrChange pPrChange sectPrChange tblPrChange tblPrExChange trPrChange tcPrChange tblGridChange numberingChange"],
  ["changes", "cellIns cellDel cellMerge moveFromRangeStart moveFromRangeEnd moveToRangeStart moveToRangeEnd"],
  ["changes", "customXmlInsRangeStart customXmlInsRangeEnd customXmlDelRangeStart customXmlDelRangeEnd trackRevisions"],
  ["comment", "commentRangeStart commentRangeEnd commentReference legacyDrawing legacyDrawingHF"],
  ["history", "rsids revisionPtr fileRecoveryPr"],
  ["id", "docId creationId modId"],
  ["template", "attachedTemplate"],
  ["path", "absPath mailMerge externalReferences webPublishing"],
  ["author", "fileSharing customWorkbookViews customSheetViews"],
  ["software", "fileVersion"],
  ["embedded", "externalData pivotCaches embedRegular embedBold embedItalic embedBoldItalic embeddedFontLst"],
  ["other", "docVars custDataLst dataBinding"],
  ["quiet", "annotationRef documentProtection writeProtection sheetProtection workbookProtection protectedRanges modifyVerifier"],
);
const OOXML_UNWRAPPED: ReadonlySet<string> = new Set(["ins", "moveTo"]);
const ODF: Fates = fates(
  ["comment", "annotation annotation-end"],
  ["changes", "tracked-changes change change-start change-end"],
  ["author", "author-name author-initials initial-creator creator printed-by"],
  ["path", "file-name template-name"],
  ["script", "scripts event-listeners"],
  ["path", "dde-connection-decls dde-connection dde-source"],
  ["comment", "svg:desc svg:title"],
);
const TEXTS: ReadonlySet<string> = new Set(["f", "definedName", "instrText"]);
/** Random numbers that two copies of one document share. */
const IDS: ReadonlySet<string> = new Set(["paraId", "textId", "durableId", "uid", "dateUtc", "change-id"]);
/** How large the window was, so how large the screen. */
const WINDOW: ReadonlySet<string> = new Set(["xWindow", "yWindow", "windowWidth", "windowHeight"]);
const RELATION: ReadonlySet<string> = new Set(["id", "embed", "link", "pict", "href", "dm", "lo", "qs", "cs", "relid"]);
const PATH = /^\s*(?:file:|[a-z]:[\\/]|\\\\|\/(?:home|users)\/)/i;
const PATH_INSIDE = /[a-z]:[\\/]|\\\\\w|file:/i;
const FILE_NAME = /[\\/]|\.[a-z]{3,4}$/i;

/** Whether an address leads to a folder of the source's computer or network. */
export function isPath(value: string): boolean {
  return PATH.test(value);
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

/** The name and day that tracked changes and comments carry. */
function describePerson(attributes: ReadonlyMap<string, string>, add: Add): void {
  for (const [name, value] of attributes) {
    const local = localName(name);
    if (local === "author" || local === "userName") add("author", value);
    if (local === "date") add("date", value);
  }
}

function attributeRule(add: Add, removed: ReadonlySet<string>): Rules["attribute"] {
  return (tag, name, value) => {
    const local = localName(name);
    if (/^(?:rsid|paragraph-rsid)/.test(local)) return void add("history");
    if (IDS.has(local) || WINDOW.has(local)) return undefined;
    if (name !== local && RELATION.has(local) && removed.has(value)) {
      if (tag.name === "pageSetup") return undefined;
      throw new LookError("structure"); // it would point at nothing, and the program would call the file broken
    }
    if ((tag.name === "docPr" || tag.name === "cNvPr") && value !== "") {
      if (local === "descr" || local === "title") return void add("comment", value);
      if (local === "name" && FILE_NAME.test(value)) {
        add("name", value);
        return "Object";
      }
    }
    if (tag.name === "imagedata" && local === "title" && value !== "") return void add("name", value);
    if (tag.prefix === "draw" && local === "name" && FILE_NAME.test(value)) return void add("name", value);
    if (isPath(value)) {
      add("path", value);
      return local === "href" ? "#" : undefined;
    }
    return value;
  };
}

function elementRule(table: Fates, unwrapped: ReadonlySet<string>, add: Add): Rules["element"] {
  return (tag, attributes) => {
    const kind = table.get(tag.name) ?? table.get(`${tag.prefix}:${tag.name}`);
    const unwrap = unwrapped.has(tag.name);
    if (kind === undefined && !unwrap) return "keep";
    if (kind !== "quiet") {
      add(kind ?? "changes", kind === "path" ? attributes.get("url") : undefined);
      describePerson(attributes, add);
    }
    return unwrap ? "unwrap" : "drop";
  };
}

/** For the XML of docx, xlsx and pptx. `removed`: ids of this part's relations to what is left out. */
export function ooxmlRules(removed: ReadonlySet<string>, add: Add): Rules {
  return {
    element: elementRule(OOXML, OOXML_UNWRAPPED, add),
    attribute: attributeRule(add, removed),
    texts: TEXTS,
    text: (tag, value) => {
      const formula = tag.name === "f" || tag.name === "definedName";
      if (!(formula && /\[\d+\]/.test(value)) && !((formula || tag.name === "instrText") && PATH_INSIDE.test(value))) return value;
      add("path", value);
      return "";
    },
  };
}

/** For the XML of odt, ods and odp. */
export function odfRules(add: Add): Rules {
  return { element: elementRule(ODF, new Set(), add), attribute: attributeRule(add, new Set()), texts: new Set(), text: (_, value) => value };
}

/** A formula that is left without text is left out; its value stays in the cell. */
export function withoutEmptyFormulas(xml: string): string {
  return xml.replace(/<((?:\w+:)?(?:f|definedName))(?: [^<>]*)?><\/\1>/g, "");
}
