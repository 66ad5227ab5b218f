// What a look at a file can say, as keys; src/words/look.ts has a sentence for each.

/** What kind of file it is. "unknown": nothing in it was looked at. */
export type FileKind = "jpeg" | "png" | "webp" | "gif" | "tiff" | "pdf" | "docx" | "xlsx" | "pptx" | "odt" | "ods" | "odp" | "unknown";

/** What in a file could give its source away. */
export type FindingKind =
  | "gps" | "camera" | "serial" | "author" | "company" | "software" | "date" | "thumbnail" | "comment" | "changes" | "history" | "id"
  | "path" | "printer" | "template" | "embedded" | "script" | "leftover" | "maker" | "settings" | "profile" | "xmp" | "iptc" | "name" | "other";

/** Why there is no clean copy. */
export type WhyNot = "unknown" | "damaged" | "too-large" | "encrypted" | "embedded" | "script" | "raw" | "structure";

/** What no look at a file can see. */
export type Unseen = "everything" | "faces" | "reflections" | "sensor" | "packing" | "dots" | "style" | "content" | "watermark";

/** What a clean copy no longer shows as the original does. */
export type Loss = "colours" | "changes" | "comments" | "links" | "parts";

export interface Finding {
  readonly kind: FindingKind;
  /** At most 120 characters, control characters taken out; untrusted text, to be shown as text only. */
  readonly value?: string;
}

export interface Look {
  readonly kind: FileKind;
  readonly findings: readonly Finding[];
  readonly canClean: boolean;
  /** Set when canClean is false. */
  readonly whyNot?: WhyNot;
  readonly cannotSee: readonly Unseen[];
  readonly loses: readonly Loss[];
}

/** Takes one finding; a value is text from the file. */
export type Add = (kind: FindingKind, value?: string) => void;

const MOST_FINDINGS = 80; // a file that repeats itself must not make a page that nobody can read
const LONGEST_VALUE = 120;

// Control characters, and the ones that turn the direction of writing: they could make the page say something else.
const UNSHOWABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\uFFFD]+/gu;

/** Text of a file as the page may show it: one line, at most 120 characters. */
export function showable(text: string): string {
  const line = text.slice(0, 4 * LONGEST_VALUE).replace(UNSHOWABLE, " ").replace(/\s+/g, " ").trim();
  return line.length > LONGEST_VALUE ? `${line.slice(0, LONGEST_VALUE - 1)}…` : line;
}

/** Collects findings, each once; without the value when there is nothing to show. */
export function collect(): { readonly add: Add; readonly findings: Finding[] } {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  const add: Add = (kind, value = "") => {
    const shown = showable(value);
    const key = `${kind} ${shown}`;
    if (seen.has(key) || (shown === "" && findings.some((finding) => finding.kind === kind))) return;
    // A kind that is not there yet is always taken: the bound is for repetition only.
    if (findings.length >= MOST_FINDINGS && findings.some((finding) => finding.kind === kind)) return;
    seen.add(key);
    const bare = findings.findIndex((finding) => finding.kind === kind && finding.value === undefined);
    if (bare >= 0) findings.splice(bare, 1); // what has a value says more
    findings.push(shown === "" ? { kind } : { kind, value: shown });
  };
  return { add, findings };
}
