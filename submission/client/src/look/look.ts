// Looks at a file before it is sent, on the source's own device: what in it could give them away, and a copy without it.
import { marked } from "./bytes.ts";
import { LookError } from "./errors.ts";
import { lookAtName } from "./filename.ts";
import { collect, type Add, type FileKind, type Finding, type Look, type Loss, type Unseen, type WhyNot } from "./finding.ts";
import { cleanOffice, lookAtOffice, officeKind } from "./office.ts";
import { cleanPdf, lookAtPdf } from "./pdf.ts";
import { PICTURES, pictureKind } from "./pictures.ts";

export { LookError } from "./errors.ts";
export { neutralName } from "./filename.ts";
export type { FileKind, Finding, FindingKind, Look, Loss, Unseen, WhyNot } from "./finding.ts";

interface Format {
  readonly kind: FileKind;
  readonly look: (bytes: Uint8Array, add: Add) => void | Promise<void>;
  readonly clean: (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;
}

const OF_PICTURES: readonly Unseen[] = ["faces", "reflections", "sensor", "packing", "watermark"];
const OF_DOCUMENTS: readonly Unseen[] = ["content", "style", "faces", "dots", "watermark"];

/** The format by the first bytes, never by the name. Throws LookError for a damaged zip. */
function formatOf(bytes: Uint8Array): Format | undefined {
  const picture = pictureKind(bytes);
  if (picture !== undefined) {
    const { look, clean } = PICTURES[picture];
    // Only making the copy shows whether there is one; pictures are cheap to make, and it is forgotten at once.
    return { kind: picture, look: (each, add) => (look(each, add), void clean(each)), clean };
  }
  if (marked(bytes, 0, "%PDF-")) return { kind: "pdf", look: lookAtPdf, clean: cleanPdf };
  const office = officeKind(bytes);
  return office === undefined ? undefined : { kind: office, look: lookAtOffice, clean: cleanOffice };
}

/** Runs `work`; whatever goes wrong in it is a LookError, since a file must not be able to stop the page. */
async function guarded<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof LookError ? error : new LookError("damaged");
  }
}

function losses(kind: FileKind, findings: readonly Finding[]): Loss[] {
  const has = (finding: Finding["kind"]): boolean => findings.some((each) => each.kind === finding);
  const document = !(kind in PICTURES);
  const found: Loss[] = [];
  if (has("profile")) found.push("colours");
  if (document && has("changes")) found.push("changes");
  if (document && has("comment")) found.push("comments");
  if (document && has("path")) found.push("links");
  if (document && (has("embedded") || has("script"))) found.push("parts");
  return found;
}

/**
 * Looks at a file and its name. Nothing leaves the device, no network, no clock; work and memory are bounded, whatever the
 * bytes are. Never rejects. A file of another kind gives kind "unknown", with findings for its name only.
 */
export async function look(bytes: Uint8Array, name: string): Promise<Look> {
  const { add, findings } = collect();
  let kind: FileKind = "unknown";
  let whyNot: WhyNot | undefined;
  try {
    lookAtName(name, add);
    await guarded(async () => {
      const format = formatOf(bytes);
      if (format === undefined) throw new LookError("unknown");
      kind = format.kind;
      await format.look(bytes, add);
    });
  } catch (error) {
    whyNot = error instanceof LookError ? error.kind : "damaged";
  }
  const cannotSee: readonly Unseen[] = kind === "unknown" ? ["everything"] : kind in PICTURES ? OF_PICTURES : OF_DOCUMENTS;
  return { kind, findings, canClean: whyNot === undefined, ...(whyNot && { whyNot }), cannotSee, loses: losses(kind, findings) };
}

/**
 * A copy of a file, in new bytes, without what `look` finds; the picture's own data and the text stay as they are.
 * It is looked at again before it is given out. Throws LookError when it cannot be vouched for.
 */
export async function clean(bytes: Uint8Array): Promise<Uint8Array> {
  const copy = await guarded(async () => {
    const format = formatOf(bytes);
    if (format === undefined) throw new LookError("unknown");
    return format.clean(bytes);
  });
  const again = await look(copy, "");
  if (!again.canClean || again.findings.length > 0) throw new LookError("structure");
  return copy;
}
