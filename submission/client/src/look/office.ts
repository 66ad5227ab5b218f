// Office files: zip archives of XML and pictures. Looking and cleaning are one walk; looking forgets what it made.
import { marked, text } from "./bytes.ts";
import { LookError } from "./errors.ts";
import type { Add } from "./finding.ts";
import { decodeXml, rewrite, type Rules } from "./markup.ts";
import { describeDropped, ownerOf, partOf, type OfficeKind, type Part } from "./office-parts.ts";
import { isPath, odfRules, ooxmlRules, withoutEmptyFormulas } from "./office-rules.ts";
import { PICTURES, pictureKind } from "./pictures.ts";
import { readZip, unpack, writeZip, type Member, type NewMember } from "./zip.ts";

const LARGEST_XML = 16 << 20; // some ten seconds without a compiler
const LARGEST_PICTURE = 96 << 20;
const LARGEST_DROPPED = 4 << 20; // larger ones are left out without a look
const MAIN: Readonly<Record<string, OfficeKind>> = { "word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx" };
const MIMETYPE = "application/vnd.oasis.opendocument.";
const ODF: Readonly<Record<string, OfficeKind>> = { text: "odt", spreadsheet: "ods", presentation: "odp" };
const silent: Add = () => undefined;

function kindOf(members: readonly Member[]): OfficeKind | undefined {
  const first = members.find((member) => member.name === "mimetype" && !member.deflated);
  if (first !== undefined) {
    const type = text(first.packed, 100);
    return type.startsWith(MIMETYPE) ? ODF[type.slice(MIMETYPE.length).trim()] : undefined;
  }
  if (!members.some((member) => member.name === "[Content_Types].xml")) return undefined;
  const main = members.find((member) => member.name in MAIN);
  return main === undefined ? undefined : MAIN[main.name];
}

/** Which kind of office file it is; undefined for any other. Throws LookError for a damaged zip. */
export function officeKind(bytes: Uint8Array): OfficeKind | undefined {
  return marked(bytes, 0, "PK\x03\x04") ? kindOf(readZip(bytes, silent)) : undefined;
}

const keepAll: Rules = { element: () => "keep", attribute: (_, __, value) => value, texts: new Set(), text: (_, value) => value };

/** The part that a relation leads to, from the part that has it. */
function resolve(owner: string, target: string): string {
  const path = target.startsWith("/") ? [] : owner.split("/").slice(0, -1);
  for (const step of target.split("/")) {
    if (step === "..") path.pop();
    else if (step !== "" && step !== ".") path.push(step);
  }
  return path.join("/");
}

/** Relations without those to what is left out; gives their ids too. */
function cleanRelations(xml: string, owner: string, kept: ReadonlySet<string>, add: Add): { xml: string; removed: Set<string> } {
  const removed = new Set<string>();
  const cleaned = rewrite(xml, {
    ...keepAll,
    element: (tag, attributes) => {
      if (tag.name !== "Relationship") return "keep";
      const [target, type] = [attributes.get("Target") ?? "", attributes.get("Type") ?? ""];
      const external = attributes.get("TargetMode") === "External";
      if (type.endsWith("/attachedTemplate")) add("template", target);
      else if (external || kept.has(resolve(owner, target))) return "keep";
      removed.add(attributes.get("Id") ?? "");
      return "drop";
    },
    attribute: (tag, name, value) => {
      if (tag.name !== "Relationship" || name !== "Target" || !isPath(value)) return value;
      // "/word/…" with a leading slash is a part of this file, so only real folders come here.
      add("path", value);
      return "about:blank";
    },
  });
  return { xml: cleaned, removed };
}

/** The list of parts, without those that are left out. */
function cleanList(xml: string, kept: ReadonlySet<string>): string {
  return rewrite(xml, {
    ...keepAll,
    element: (tag, attributes) => {
      if (tag.name === "encryption-data") throw new LookError("encrypted");
      if (tag.name === "Override") return kept.has((attributes.get("PartName") ?? "").slice(1)) ? "keep" : "drop";
      const path = tag.name === "file-entry" ? [...attributes].find(([name]) => name.endsWith("full-path"))?.[1] : undefined;
      return path === undefined || path.endsWith("/") || kept.has(path) ? "keep" : "drop";
    },
  });
}

async function cleanPicture(member: Member, add: Add): Promise<Uint8Array> {
  const bytes = await unpack(member, LARGEST_PICTURE);
  const kind = pictureKind(bytes);
  if (kind === undefined) throw new LookError("embedded");
  PICTURES[kind].look(bytes, add);
  return PICTURES[kind].clean(bytes);
}

async function cleanMembers(members: readonly Member[], add: Add, take: (member: NewMember) => void): Promise<void> {
  const parts = new Map<string, Part>(members.map((member) => [member.name, partOf(member.name)]));
  const kept = new Set(members.filter((member) => parts.get(member.name) !== "drop").map((member) => member.name));
  for (const member of members.filter((each) => parts.get(each.name) === "drop")) {
    describeDropped(member.name, member.size > LARGEST_DROPPED ? undefined : await unpack(member, LARGEST_DROPPED), add);
  }
  for (const [name, part] of parts) {
    if (part !== "script" && part !== "embedded") continue;
    add(part, name);
    throw new LookError(part);
  }
  const removed = new Map<string, ReadonlySet<string>>();
  const relations = new Map<string, string>();
  const xmlOf = async (member: Member): Promise<string> => decodeXml(await unpack(member, LARGEST_XML));
  // Relations first: what the other parts may still point at follows from them.
  for (const member of members.filter((each) => parts.get(each.name) === "relations")) {
    const owner = ownerOf(member.name);
    const cleaned = cleanRelations(await xmlOf(member), owner, kept, add);
    relations.set(member.name, cleaned.xml);
    removed.set(owner, cleaned.removed);
  }
  const encoder = new TextEncoder();
  const odf = kindOf(members)?.startsWith("od") === true;
  for (const member of members) {
    const { name } = member;
    const part = parts.get(name)!;
    if (part === "drop") continue;
    if (part === "picture") take({ name, data: await cleanPicture(member, add), stored: true });
    else if (part === "mimetype" && !odf) throw new LookError("structure");
    else if (part === "mimetype") take({ name, data: member.packed, stored: true });
    else {
      const rules = odf ? odfRules(add) : ooxmlRules(removed.get(name) ?? new Set(), add);
      const xml =
        part === "relations" ? relations.get(name)!
        : part === "xml" ? withoutEmptyFormulas(rewrite(await xmlOf(member), rules))
        : cleanList(await xmlOf(member), kept);
      take({ name, data: encoder.encode(xml), stored: false });
    }
  }
}

/** Says what an office file tells besides its text and pictures. Throws LookError when there is no clean copy of it. */
export async function lookAtOffice(bytes: Uint8Array, add: Add): Promise<void> {
  await cleanMembers(readZip(bytes, add), add, () => undefined);
}

/** An office file with the same text and pictures. Throws LookError when that cannot be done for certain. */
export async function cleanOffice(bytes: Uint8Array): Promise<Uint8Array> {
  const members: NewMember[] = [];
  await cleanMembers(readZip(bytes, silent), silent, (member) => members.push(member));
  return writeZip(members);
}
