// Documents that tell much about the person who wrote them, built by hand.
import { deflateRawSync, deflateSync } from "node:zlib";

import { big, concat, crc, JPEG, jpeg, latin, little, SECRETS, XMP } from "./look_pictures.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What every document here tells; no secret stands in the text that stays. */
export const WRITTEN = {
  author: "Bea Beispiel",
  company: "Harbour Customs Broker",
  deleted: "my brother drove the van",
  remark: "ask Carla about this",
  path: "C:\\Users\\bea\\trade",
} as const;

/** A zip; times are those of 12 April 2026, and members are deflated but for the first, as ODF wants it. */
export function zip(members: Readonly<Record<string, string | Uint8Array>>): Uint8Array {
  const pieces: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  Object.entries(members).forEach(([name, content], i) => {
    const data = typeof content === "string" ? utf8(content) : content;
    const packed = i === 0 ? data : new Uint8Array(deflateRawSync(data));
    const day = ((2026 - 1980) << 9) | (4 << 5) | 12;
    const fields = concat(
      ...[20, 0, i === 0 ? 0 : 8, 0x4b3c, day].map((each) => little(each, 2)),
      little(crc(data), 4), little(packed.length, 4), little(data.length, 4), little(name.length, 2), little(0, 2),
    );
    directory.push(concat(latin("PK\x01\x02\x14\0"), fields, new Uint8Array(10), little(at, 4), latin(name)));
    pieces.push(latin("PK\x03\x04"), fields, latin(name), packed);
    at += 4 + fields.length + name.length + packed.length;
  });
  const table = concat(...directory);
  const count = little(directory.length, 2);
  return concat(...pieces, table, latin("PK\x05\x06\0\0\0\0"), count, count, little(table.length, 4), little(at, 4), little(0, 2));
}

const HEAD = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n`;
const RELATIONS = `xmlns="http://schemas.openxmlformats.org/package/2006/relationships"`;
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

function relations(...rows: readonly (readonly [type: string, target: string, external?: boolean])[]): string {
  const all = rows.map(([type, target, external], i) =>
    `<Relationship Id="rId${i + 1}" Type="${OFFICE}/${type}" Target="${target}"${external === true ? ' TargetMode="External"' : ""}/>`);
  return `${HEAD}<Relationships ${RELATIONS}>${all.join("")}</Relationships>`;
}

function types(...parts: readonly string[]): string {
  const all = parts.map((part) => `<Override PartName="/${part}" ContentType="application/xml"/>`);
  return `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="jpeg" ContentType="image/jpeg"/>` +
    `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${all.join("")}</Types>`;
}

const PROPERTIES = {
  "docProps/core.xml": `${HEAD}<cp:coreProperties><dc:creator>${WRITTEN.author}</dc:creator><cp:lastModifiedBy>${WRITTEN.author}</cp:lastModifiedBy>` +
    `<dcterms:created xsi:type="dcterms:W3CDTF">2026-04-12T09:30:00Z</dcterms:created><cp:revision>7</cp:revision></cp:coreProperties>`,
  "docProps/app.xml": `${HEAD}<Properties><Application>${SECRETS.software}</Application><Company>${WRITTEN.company}</Company><Template>Broker.dotx</Template></Properties>`,
  "docProps/thumbnail.jpeg": JPEG,
};
const CHANGE = `w:id="1" w:author="${WRITTEN.author}" w:date="2026-04-12T09:30:00Z"`;
const NAMES = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="${OFFICE}" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"`;

/** The text that a reader of every document here sees, before and after. */
export const STAYS = "Parrots &amp; &quot;rosewood&quot; at berth 4";

export function docx(more: Readonly<Record<string, string | Uint8Array>> = {}): Uint8Array {
  return zip({
    "[Content_Types].xml": types("word/document.xml", "word/settings.xml", "word/comments.xml", "docProps/core.xml", "docProps/app.xml"),
    "_rels/.rels": relations(["officeDocument", "word/document.xml"], ["core-properties", "docProps/core.xml"], ["thumbnail", "docProps/thumbnail.jpeg"]),
    ...PROPERTIES,
    "word/document.xml":
      `${HEAD}<w:document ${NAMES}><w:body><!-- by ${WRITTEN.author} --><w:p w:rsidR="00A77B3E" w:rsidRDefault="00C12345" w14:paraId="1F2E3D4C">` +
      `<w:commentRangeStart w:id="0"/><w:r w:rsidRPr="00A77B3E"><w:t>${STAYS}</w:t></w:r><w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>` +
      `<w:ins ${CHANGE}><w:r><w:t xml:space="preserve"> kept</w:t></w:r></w:ins><w:del ${CHANGE}><w:r><w:delText>${WRITTEN.deleted}</w:delText></w:r></w:del>` +
      `<w:r><w:rPr><w:b/><w:rPrChange ${CHANGE}><w:rPr/></w:rPrChange></w:rPr><w:t>!</w:t></w:r>` +
      `<w:r><w:instrText> INCLUDEPICTURE "${WRITTEN.path}\\a.png" </w:instrText></w:r>` +
      `<w:hyperlink r:id="rId4"><w:r><w:t>list</w:t></w:r></w:hyperlink>` +
      `<w:drawing><wp:docPr id="1" name="IMG_20260412_093001.jpg" descr="${WRITTEN.path}\\x.jpg"/><a:blip r:embed="rId3"/></w:drawing></w:p></w:body></w:document>`,
    "word/_rels/document.xml.rels": relations(
      ["settings", "settings.xml"], ["comments", "comments.xml"], ["image", "media/image1.jpeg"], ["hyperlink", `file:///${WRITTEN.path}`, true], ["customXml", "../customXml/item1.xml"],
    ),
    "word/settings.xml": `${HEAD}<w:settings ${NAMES}><w:attachedTemplate r:id="rId1"/><w:trackRevisions/><w:rsids><w:rsidRoot w:val="00A77B3E"/></w:rsids>` +
      `<w:defaultTabStop w:val="708"/></w:settings>`,
    "word/_rels/settings.xml.rels": relations(["attachedTemplate", `file:///${WRITTEN.path}\\Broker.dotx`, true]),
    "word/comments.xml": `${HEAD}<w:comments ${NAMES}><w:comment w:id="0" w:author="${WRITTEN.author}" w:initials="BB"><w:p><w:r><w:t>${WRITTEN.remark}</w:t></w:r></w:p></w:comment></w:comments>`,
    "word/media/image1.jpeg": jpeg(),
    "customXml/item1.xml": `${HEAD}<company>${WRITTEN.company}</company>`,
    ...more,
  });
}

export function xlsx(): Uint8Array {
  return zip({
    "[Content_Types].xml": types("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/comments1.xml", "xl/externalLinks/externalLink1.xml"),
    "_rels/.rels": relations(["officeDocument", "xl/workbook.xml"], ["extended-properties", "docProps/app.xml"]),
    ...PROPERTIES,
    "xl/workbook.xml": `${HEAD}<workbook xmlns:r="${OFFICE}"><fileVersion appName="xl" lastEdited="7"/><AlternateContent><absPath url="${WRITTEN.path}\\"/></AlternateContent>` +
      `<revisionPtr documentId="13_ncr:1_{0C3B9F45-47A1-4E5E-9F0A-2B3C4D5E6F70}"/><bookViews><workbookView xWindow="0" windowWidth="28800"/></bookViews>` +
      `<sheets><sheet name="${STAYS}" sheetId="1" r:id="rId1"/></sheets><externalReferences><externalReference r:id="rId2"/></externalReferences></workbook>`,
    "xl/_rels/workbook.xml.rels": relations(["worksheet", "worksheets/sheet1.xml"], ["externalLink", "externalLinks/externalLink1.xml"]),
    "xl/worksheets/sheet1.xml": `${HEAD}<worksheet xmlns:r="${OFFICE}" uid="{0C3B9F45-47A1-4E5E-9F0A-2B3C4D5E6F70}"><sheetData><row><c><f>SUM(A2:A3)</f><v>5</v></c><c><f>[1]Prices!A1</f><v>7</v></c></row></sheetData>` +
      `<pageSetup r:id="rId2"/><legacyDrawing r:id="rId1"/></worksheet>`,
    "xl/worksheets/_rels/sheet1.xml.rels": relations(["vmlDrawing", "../drawings/vmlDrawing1.vml"], ["printerSettings", "../printerSettings/printerSettings1.bin"], ["comments", "../comments1.xml"]),
    "xl/comments1.xml": `${HEAD}<comments><authors><author>${WRITTEN.author}</author></authors><commentList><comment><t>${WRITTEN.remark}</t></comment></commentList></comments>`,
    "xl/drawings/vmlDrawing1.vml": `<xml><o:shape/></xml>`,
    "xl/printerSettings/printerSettings1.bin": concat(latin([..."Office LaserJet 3"].map((sign) => `${sign}\0`).join("")), new Uint8Array(200)),
    "xl/externalLinks/externalLink1.xml": `${HEAD}<externalLink/>`,
    "xl/externalLinks/_rels/externalLink1.xml.rels": relations(["externalLinkPath", `file:///${WRITTEN.path}\\prices.xlsx`, true]),
  });
}

export function odt(): Uint8Array {
  const change = `<office:change-info><dc:creator>${WRITTEN.author}</dc:creator><dc:date>2026-04-12T09:30:00</dc:date></office:change-info>`;
  return zip({
    mimetype: "application/vnd.oasis.opendocument.text",
    "content.xml": `${HEAD}<office:document-content><office:body><office:text><text:tracked-changes><text:changed-region><text:deletion>${change}<text:p>${WRITTEN.deleted}</text:p>` +
      `</text:deletion></text:changed-region></text:tracked-changes><text:p officeooo:rsid="0012ab34">${STAYS}<text:change text:change-id="1"/>` +
      `<office:annotation><dc:creator>${WRITTEN.author}</dc:creator><text:p>${WRITTEN.remark}</text:p></office:annotation>` +
      `<text:a xlink:href="file:///${WRITTEN.path}">list</text:a><draw:frame draw:name="IMG_20260412.jpg"><draw:image xlink:href="Pictures/1.jpg"/></draw:frame></text:p></office:text></office:body></office:document-content>`,
    "styles.xml": `${HEAD}<office:document-styles/>`,
    "meta.xml": `${HEAD}<office:document-meta><meta:initial-creator>${WRITTEN.author}</meta:initial-creator><meta:generator>${SECRETS.software}</meta:generator></office:document-meta>`,
    "settings.xml": `${HEAD}<office:document-settings><config:config-item config:name="PrinterName" config:type="string">Office LaserJet 3</config:config-item></office:document-settings>`,
    "Thumbnails/thumbnail.png": JPEG,
    "Pictures/1.jpg": jpeg(),
    "META-INF/manifest.xml": `${HEAD}<manifest:manifest><manifest:file-entry manifest:full-path="/"/><manifest:file-entry manifest:full-path="content.xml"/><manifest:file-entry manifest:full-path="meta.xml"/></manifest:manifest>`,
  });
}

/** A PDF of one page with a picture, information, XMP, an author's note, a script and an attached file, updated once. */
export function pdf(options: { streams?: boolean; trailer?: string } = {}): Uint8Array {
  const picture = jpeg();
  const stream = (dictionary: string, data: Uint8Array): Uint8Array => concat(latin(`<<${dictionary}/Length ${data.length}>>\nstream\n`), data, latin("\nendstream"));
  const plain: Record<number, string> = {
    1: "<</Type/Catalog/Pages 2 0 R/Metadata 7 0 R/OpenAction 9 0 R/Names<</EmbeddedFiles<</Names[(list.xlsx)11 0 R]>>>>/PieceInfo<</App<</LastModified(D:20260412)>>>>>>",
    2: "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    3: "<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>/Annots[8 0 R 10 0 R]/Thumb 5 0 R/LastModified(D:20260412)>>",
    6: `<</Author(Bea \\102eispiel)/Producer(${SECRETS.software})/CreationDate(D:20260412093001+02'00')/Title<FEFF0050006F007200740020006C00690073007400>/Company(${WRITTEN.company})>>`,
    8: `<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/T(${WRITTEN.author})/Contents(${WRITTEN.remark})/M(D:20260412)>>`,
    9: `<</S/JavaScript/JS(app.alert\\("${WRITTEN.author}"\\))>>`,
    10: `<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/NM(${WRITTEN.author})/A<</S/URI/URI(https://example.org)>>>>`,
    11: `<</Type/Filespec/F(list.xlsx)/EF<</F 12 0 R>>>>`,
  };
  const streams: Record<number, Uint8Array> = {
    4: stream("", latin("q 50 0 0 50 0 0 cm /I Do Q")),
    5: stream("/Type/XObject/Subtype/Image/Width 24/Height 16/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode", picture),
    7: stream("/Type/Metadata/Subtype/XML", XMP),
    12: stream("/Type/EmbeddedFile", latin(WRITTEN.deleted)),
  };
  const places: Record<number, number> = {};
  let file: Uint8Array = latin("%PDF-1.5\n");
  const put = (number: number, body: Uint8Array): void => {
    places[number] = file.length;
    file = concat(file, latin(`${number} 0 obj\n`), body, latin("\nendobj\n"));
  };
  for (const [number, body] of Object.entries(streams)) put(Number(number), body);
  if (options.streams === true) return inStreams(file, plain, places, put, () => file);
  for (const [number, body] of Object.entries(plain)) put(Number(number), latin(body));
  const row = (number: number): string => `${String(places[number]).padStart(10, "0")} 00000 n \n`;
  const rows = Array.from({ length: 12 }, (_, i) => row(i + 1)).join("");
  const table = file.length;
  const trailer = `/Size 13/Root 1 0 R/Info 6 0 R/ID[<00112233><44556677>]${options.trailer ?? ""}`;
  file = concat(file, latin(`xref\n0 13\n0000000000 65535 f \n${rows}trailer\n<<${trailer}>>\nstartxref\n${table}\n%%EOF\n`));
  put(2, latin("<</Type/Pages/Kids[3 0 R]/Count 1/Rotate 90>>"));
  const second = file.length;
  return concat(file, latin(`xref\n2 1\n${row(2)}trailer\n<<${trailer}/Prev ${table}>>\nstartxref\n${second}\n%%EOF\n`));
}

/** The same with its objects in an object stream and a cross-reference stream with predictors, as most programs write today. */
function inStreams(before: Uint8Array, plain: Record<number, string>, places: Record<number, number>, put: (number: number, body: Uint8Array) => void, now: () => Uint8Array): Uint8Array {
  const numbers = Object.keys(plain).map(Number);
  let at = 0;
  const head = numbers.map((number) => {
    const pair = `${number} ${at} `;
    at += plain[number]!.length + 1;
    return pair;
  }).join("");
  const data = deflateSync(latin(`${head}${numbers.map((number) => plain[number]).join(" ")}`));
  put(13, concat(latin(`<</Type/ObjStm/N ${numbers.length}/First ${head.length}/Filter/FlateDecode/Length ${data.length}>>\nstream\n`), data, latin("\nendstream")));
  const start = now().length;
  const rows = Array.from({ length: 15 }, (_, number) => {
    const index = numbers.indexOf(number);
    if (index >= 0) return concat(new Uint8Array([2]), big(13, 4), new Uint8Array([index]));
    return number === 0 ? new Uint8Array(6) : concat(new Uint8Array([1]), big(number === 14 ? start : places[number]!, 4), new Uint8Array(1));
  });
  const predicted = rows.map((row, i) => concat(new Uint8Array([2]), row.map((byte, k) => byte - (rows[i - 1]?.[k] ?? 0))));
  const table = deflateSync(concat(...predicted));
  const dictionary = `/Type/XRef/Size 15/W[1 4 1]/Root 1 0 R/Info 6 0 R/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 6>>/Length ${table.length}`;
  return concat(now().length > before.length ? now() : before, latin(`14 0 obj\n<<${dictionary}>>\nstream\n`), table, latin(`\nendstream\nendobj\nstartxref\n${start}\n%%EOF\n`));
}
