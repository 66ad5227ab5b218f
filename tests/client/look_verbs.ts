// Looks and clean copies, for a Python that has other eyes to look with.
import { clean, look } from "../../submission/client/src/look/look.ts";
import { docx, odt, pdf, xlsx } from "./look_documents.ts";
import { CMYK, gif, JPEG, jpeg, png, PROGRESSIVE, tiffFile, webp } from "./look_pictures.ts";
import { base64Of, type Verb } from "./task.ts";

/** Files that tell a lot, by a name with the ending that belongs to them. */
const SAMPLES: Readonly<Record<string, () => Uint8Array>> = {
  "baseline.jpg": () => jpeg(JPEG, 6),
  "progressive.jpg": () => jpeg(PROGRESSIVE, 3),
  "cmyk.jpg": () => jpeg(CMYK, 1),
  "wide.jpg": () => jpeg(JPEG, 1, "p3"),
  "screen.jpg": () => jpeg(JPEG, 8, "screen"),
  "text.png": png,
  "all.webp": webp,
  "two.gif": gif,
  "pages.tiff": () => tiffFile("II"),
  "big.tiff": () => tiffFile("MM"),
  "changes.docx": docx,
  "table.xlsx": xlsx,
  "notes.odt": odt,
  "tables.pdf": pdf,
  "streams.pdf": () => pdf({ streams: true }),
};

export const lookVerbs: Readonly<Record<string, Verb>> = {
  look_samples: () => Object.fromEntries(Object.entries(SAMPLES).map(([name, make]) => [name, base64Of(make())])),
  look: (task) => look(task.bytes("bytes"), task.text("name")),
  look_clean: async (task) => base64Of(await clean(task.bytes("bytes"))),
};
