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
  /** The text that an element keeps, asked for the elements named in `texts` only. */
  readonly text: (tag: Tag, value: string) => string;
  readonly texts: ReadonlySet<string>;
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
  readonly anew: string;
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

const NONE: ReadonlyMap<string, string> = new Map();

function readAttributes(source: string): ReadonlyMap<string, string> {
  if (!source.includes("=")) return NONE;
  const attributes = new Map<string, string>();
  for (const [, name, double, single] of source.matchAll(ATTRIBUTE)) attributes.set(name!, double ?? single ?? "");
  return attributes;
}

function end(xml: string, mark: string, from: number): number {
  const at = xml.indexOf(mark, from);
  if (at < 0) throw new LookError("damaged");
  return at + mark.length;
}

function tagOf(full: string, tags: Map<string, Tag>): Tag {
  let tag = tags.get(full);
  if (tag === undefined) {
    const colon = full.indexOf(":");
    tag = { name: full.slice(colon + 1), prefix: full.slice(0, Math.max(0, colon)) };
    tags.set(full, tag);
  }
  return tag;
}

/** What becomes of a start tag or an empty element: its text, "" when it goes. Inside of what goes nothing is asked. */
function judge(source: string, inside: boolean, tags: Map<string, Tag>, rules: Rules): Open {
  const full = /^<([^\s<>/="']+)/.exec(source)?.[1];
  if (full === undefined) throw new LookError("damaged");
  const tag = tagOf(full, tags);
  if (inside) return { full, tag, fate: "keep", anew: source };
  const attributes = readAttributes(source);
  const fate = rules.element(tag, attributes);
  const anew = fate !== "keep" ? "" : attributes.size === 0 ? source : rewriteTag(source, full, tag, attributes, rules);
  return { full, tag, fate, anew };
}

/**
 * Rewrites XML by rules; comments and processing instructions go. What stays as it is is copied in long runs. Throws
 * LookError "damaged" where tags do not fit together, "structure" for a document type.
 */
export function rewrite(xml: string, rules: Rules): string {
  const out: string[] = [];
  const stack: Open[] = [];
  const tags = new Map<string, Tag>();
  let from = 0; // where the run starts that is not yet copied
  let at = 0;
  let dropped = 0; // how many of the open elements are left out with all they hold
  const replace = (start: number, end: number, by = ""): void => {
    if (dropped > 0) return;
    out.push(xml.slice(from, start), by);
    from = end;
  };
  while (at < xml.length) {
    const next = xml.indexOf("<", at);
    const start = next < 0 ? xml.length : next;
    const above = stack.at(-1);
    if (start > at && above !== undefined && dropped === 0 && rules.texts.has(above.tag.name)) {
      const value = xml.slice(at, start);
      const kept = rules.text(above.tag, value);
      if (kept !== value) replace(at, start, kept);
    }
    if (next < 0) break;
    const second = xml.charAt(next + 1);
    if (second === "/") {
      at = end(xml, ">", next);
      const closed = stack.pop();
      if (closed === undefined || xml.slice(next + 2, at - 1).trimEnd() !== closed.full) throw new LookError("damaged");
      if (closed.fate === "unwrap") replace(next, at);
      else if (closed.fate === "drop" && --dropped === 0) from = at;
    } else if (second === "!" || second === "?") {
      const mark = second === "?" ? "?>" : xml.startsWith("!--", next + 1) ? "-->" : "]]>";
      if (mark === "]]>" && !xml.startsWith("<![CDATA[", next)) throw new LookError("structure");
      at = end(xml, mark, next + (mark === "-->" ? 4 : 2));
      if (mark !== "]]>" && !xml.startsWith("<?xml ", next)) replace(next, at);
    } else {
      at = tagEnd(xml, next) + 1;
      const source = xml.slice(next, at);
      const opened = judge(source, dropped > 0, tags, rules);
      if (opened.anew !== source) replace(next, at, opened.anew);
      if (source.endsWith("/>")) continue;
      if (stack.push(opened) > DEEPEST) throw new LookError("structure");
      if (opened.fate === "drop") dropped++;
    }
  }
  if (stack.length > 0) throw new LookError("damaged");
  replace(xml.length, xml.length);
  return out.join("");
}
