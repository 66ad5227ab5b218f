// XML as office programs write it, rewritten tag by tag. No entities are resolved and no DTD is read: a file with one is refused.
import { LookError } from "./errors.ts";

export interface Tag {
  /** Name without prefix. */
  readonly name: string;
  readonly prefix: string;
}

export interface Rules {
  /** What becomes of an element: kept, left out with all it holds, or only its own tags left out. */
  readonly element: (tag: Tag, attributes: ReadonlyMap<string, string>) => "keep" | "drop" | "unwrap";
  /** The value that an attribute keeps; undefined leaves it out. Values stay escaped as they are in the file. */
  readonly attribute: (tag: Tag, name: string, value: string) => string | undefined;
  /** The text that an element keeps. */
  readonly text: (tag: Tag, value: string) => string;
}

const DEEPEST = 500;
const LONGEST_TAG = 1 << 20;
const ATTRIBUTE = /\s([^\s=<>"'/]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g;
const decoder = new TextDecoder("utf-8", { fatal: true });

/** The XML of UTF-8 bytes. Throws LookError "structure" for other encodings. */
export function decodeXml(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new LookError("structure");
  }
}

/** The position of the ">" that ends the tag at `from`; one inside quotes does not. */
function tagEnd(xml: string, from: number): number {
  for (let at = from; ; ) {
    const end = xml.indexOf(">", at);
    if (end < 0 || end - from > LONGEST_TAG) throw new LookError("damaged");
    const quote = xml.slice(at, end).search(/["']/);
    if (quote < 0) return end;
    at = xml.indexOf(xml.charAt(at + quote), at + quote + 1) + 1;
    if (at === 0) throw new LookError("damaged");
  }
}

interface Open {
  readonly full: string;
  readonly tag: Tag;
  readonly fate: "keep" | "drop" | "unwrap";
}

/** The tag as it is when nothing changed, else written anew. */
function rewriteTag(source: string, full: string, tag: Tag, attributes: ReadonlyMap<string, string>, rules: Rules): string {
  let changed = false;
  let anew = `<${full}`;
  for (const [name, value] of attributes) {
    const kept = rules.attribute(tag, name, value);
    if (kept !== value) changed = true;
    if (kept !== undefined) anew += ` ${name}="${kept.replaceAll('"', "&quot;")}"`;
  }
  return changed ? anew + (source.endsWith("/>") ? "/>" : ">") : source;
}

function readAttributes(source: string): Map<string, string> {
  const attributes = new Map<string, string>();
  if (!source.includes("=")) return attributes;
  for (const [, name, double, single] of source.matchAll(ATTRIBUTE)) attributes.set(name!, double ?? single ?? "");
  return attributes;
}

function end(xml: string, mark: string, from: number): number {
  const at = xml.indexOf(mark, from);
  if (at < 0) throw new LookError("damaged");
  return at + mark.length;
}

/** Writes the start or the empty element at `source`; gives what to remember of it until its end. */
function open(source: string, inside: boolean, tags: Map<string, Tag>, rules: Rules, out: string[]): Open {
  const full = /^<([^\s<>/="']+)/.exec(source)?.[1];
  if (full === undefined) throw new LookError("damaged");
  let tag = tags.get(full);
  if (tag === undefined) {
    const colon = full.indexOf(":");
    tag = { name: full.slice(colon + 1), prefix: full.slice(0, Math.max(0, colon)) };
    tags.set(full, tag);
  }
  if (inside) return { full, tag, fate: "drop" };
  const attributes = readAttributes(source);
  const fate = rules.element(tag, attributes);
  if (fate === "keep") out.push(rewriteTag(source, full, tag, attributes, rules));
  return { full, tag, fate };
}

/**
 * Rewrites XML by rules; comments and processing instructions go. Throws LookError "damaged" where tags do not fit
 * together, "structure" for a document type.
 */
export function rewrite(xml: string, rules: Rules): string {
  const out: string[] = [];
  const stack: Open[] = [];
  const tags = new Map<string, Tag>();
  let at = 0;
  let dropped = 0; // how many of the open elements are left out with all they hold
  while (at < xml.length) {
    const next = xml.indexOf("<", at);
    const start = next < 0 ? xml.length : next;
    const above = stack.at(-1);
    if (start > at && dropped === 0) out.push(above === undefined ? xml.slice(at, start) : rules.text(above.tag, xml.slice(at, start)));
    if (next < 0) break;
    // Written so, because the whole sign within a page's own script would begin a comment of the page.
    if (xml.startsWith("!--", next + 1)) at = end(xml, "-->", next + 4);
    else if (xml.startsWith("<![CDATA[", next)) {
      at = end(xml, "]]>", next);
      if (dropped === 0) out.push(xml.slice(next, at));
    } else if (xml.startsWith("<?", next)) {
      at = end(xml, "?>", next);
      if (xml.startsWith("<?xml ", next)) out.push(xml.slice(next, at));
    } else if (xml.startsWith("<!", next)) throw new LookError("structure");
    else if (xml.startsWith("</", next)) {
      at = end(xml, ">", next);
      const closed = stack.pop();
      if (closed === undefined || xml.slice(next + 2, at - 1).trimEnd() !== closed.full) throw new LookError("damaged");
      if (closed.fate === "drop") dropped--;
      else if (closed.fate === "keep" && dropped === 0) out.push(xml.slice(next, at));
    } else {
      at = tagEnd(xml, next) + 1;
      const source = xml.slice(next, at);
      const opened = open(source, dropped > 0, tags, rules, out);
      if (source.endsWith("/>")) continue;
      if (stack.push(opened) > DEEPEST) throw new LookError("structure");
      if (opened.fate === "drop") dropped++;
    }
  }
  if (stack.length > 0) throw new LookError("damaged");
  return out.join("");
}
