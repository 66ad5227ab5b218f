// Pictures that tell much about the person who took them, written by hand; each is decoded by any program.
import { deflateSync } from "node:zlib";

export const latin = (text: string): Uint8Array => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
export const concat = (...pieces: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(pieces));

export function big(value: number, size: 2 | 4): Uint8Array {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(value, 0, size);
  return new Uint8Array(bytes);
}

export function little(value: number, size: 2 | 4): Uint8Array {
  return big(value, size).reverse();
}

/** What every picture here tells, to be looked for in cleaned bytes too. */
export const SECRETS = {
  make: "Lapcam",
  model: "Plover 7",
  serial: "SN-4711-0815",
  lens: "LENS-998877",
  artist: "Ada Testa",
  software: "Darkroom 9.1",
  when: "2026:04:12 09:30:01",
  comment: "taken from my kitchen",
} as const;

/** A field of a TIFF directory: ASCII, numbers of two bytes, numbers of four, fractions, bytes, or a directory of its own. */
export type Field =
  | { tag: number; text: string }
  | { tag: number; shorts: readonly number[] }
  | { tag: number; longs: readonly number[] }
  | { tag: number; fractions: readonly (readonly [number, number])[] }
  | { tag: number; bytes: Uint8Array }
  | { tag: number; directory: readonly Field[] };

/** A TIFF structure. `blobs` come right behind the eight bytes of the header, so their places are known before. */
export function tiff(pages: readonly (readonly Field[])[], blobs: Uint8Array = new Uint8Array(), order: "II" | "MM" = "II"): Uint8Array {
  const num = order === "II" ? little : big;
  const pieces: Uint8Array[] = [latin(order), num(42, 2), num(0, 4), blobs];
  const at = (): number => pieces.reduce((sum, piece) => sum + piece.length, 0);
  const even = (): void => void (at() % 2 && pieces.push(new Uint8Array(1)));
  const place = (data: Uint8Array): Uint8Array => {
    if (data.length <= 4) return concat(data, new Uint8Array(4 - data.length));
    even();
    const found = at();
    pieces.push(data);
    return num(found, 4);
  };
  const write = (fields: readonly Field[], next: number): number => {
    const rows = fields.map((field) => {
      const [type, count, value] =
        "text" in field ? [2, field.text.length + 1, place(latin(`${field.text}\0`))]
        : "shorts" in field ? [3, field.shorts.length, place(concat(...field.shorts.map((each) => num(each, 2))))]
        : "longs" in field ? [4, field.longs.length, place(concat(...field.longs.map((each) => num(each, 4))))]
        : "fractions" in field ? [5, field.fractions.length, place(concat(...field.fractions.flat().map((each) => num(each, 4))))]
        : "bytes" in field ? [7, field.bytes.length, place(field.bytes)]
        : [4, 1, num(write(field.directory, 0), 4)];
      return concat(num(field.tag, 2), num(type as number, 2), num(count as number, 4), value as Uint8Array);
    });
    even();
    const found = at();
    pieces.push(num(rows.length, 2), ...rows, num(next, 4));
    return found;
  };
  let next = 0;
  for (const fields of [...pages].reverse()) next = write(fields, next);
  pieces[2] = num(next, 4);
  return concat(...pieces);
}

/** An EXIF structure as a camera writes it, with place, serial numbers, maker's notes and a thumbnail. */
export function exif(orientation = 6, order: "II" | "MM" = "II"): Uint8Array {
  const thumbnail = JPEG;
  const fields: Field[] = [
    { tag: 0x10f, text: SECRETS.make },
    { tag: 0x110, text: SECRETS.model },
    { tag: 0x112, shorts: [orientation] },
    { tag: 0x131, text: SECRETS.software },
    { tag: 0x132, text: SECRETS.when },
    { tag: 0x13b, text: SECRETS.artist },
    {
      tag: 0x8769,
      directory: [
        { tag: 0x829a, fractions: [[1, 125]] },
        { tag: 0x9003, text: SECRETS.when },
        { tag: 0x927c, bytes: latin(`MAKER\0${SECRETS.serial}`) },
        { tag: 0x9286, bytes: latin(`ASCII\0\0\0${SECRETS.comment}`) },
        { tag: 0xa431, text: SECRETS.serial },
        { tag: 0xa435, text: SECRETS.lens },
      ],
    },
    {
      tag: 0x8825,
      directory: [
        { tag: 1, text: "N" },
        { tag: 2, fractions: [[48, 1], [51, 1], [3012, 100]] },
        { tag: 3, text: "W" },
        { tag: 4, fractions: [[2, 1], [17, 1], [4020, 100]] },
      ],
    },
  ];
  return tiff([fields, [{ tag: 0x103, shorts: [6] }, { tag: 0x201, longs: [8] }, { tag: 0x202, longs: [thumbnail.length] }]], thumbnail, order);
}

export const XMP = latin(
  `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
    `<rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:aux="http://ns.adobe.com/exif/1.0/aux/" xmlns:dc="http://purl.org/dc/elements/1.1/" ` +
    `xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmp:CreatorTool="${SECRETS.software}" aux:SerialNumber="${SECRETS.serial}" xmpMM:DocumentID="xmp.did:ABCDEF0123">` +
    `<dc:creator><rdf:Seq><rdf:li>${SECRETS.artist}</rdf:li></rdf:Seq></dc:creator><xmpMM:History><rdf:Seq><rdf:li/></rdf:Seq></xmpMM:History>` +
    `</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`,
);

/** A colour profile as a phone has it (Display P3) or as the calibration of one screen; only the parts that are read here. */
export function profile(colours: "p3" | "screen"): Uint8Array {
  const fixed = (values: readonly number[]): Uint8Array => concat(...values.map((value) => big(Math.round(value * 65536) >>> 0, 4)));
  const xyz = (values: readonly number[]): Uint8Array => concat(latin("XYZ \0\0\0\0"), fixed(values));
  const name = colours === "p3" ? "Display P3" : "Ada's screen";
  const tags: [string, Uint8Array][] = [
    ["desc", concat(latin("desc\0\0\0\0"), big(name.length + 1, 4), latin(`${name}\0`), new Uint8Array(90 - name.length))],
    ["wtpt", xyz([0.9642, 1, 0.8249])],
    ["rXYZ", xyz(colours === "p3" ? [0.51512, 0.2412, -0.00105] : [0.45, 0.23, 0.02])],
    ["gXYZ", xyz([0.29198, 0.69225, 0.04189])],
    ["bXYZ", xyz([0.1571, 0.06657, 0.78407])],
    ...(["rTRC", "gTRC", "bTRC"] as const).map(
      (tag): [string, Uint8Array] => [tag, concat(latin("para\0\0\0\0\0\x03\0\0"), fixed([2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045]))],
    ),
  ];
  let at = 132 + 12 * tags.length;
  const table = tags.map(([tag, data]) => {
    at += data.length;
    return concat(latin(tag), big(at - data.length, 4), big(data.length, 4));
  });
  const header = concat(new Uint8Array(8), latin("\x04\x20\0\0mntrRGB XYZ "), new Uint8Array(12), latin("acspAPPL"), new Uint8Array(24), fixed([0.9642, 1, 0.82491]), new Uint8Array(48), big(tags.length, 4));
  const whole = concat(header, ...table, ...tags.map(([, data]) => data));
  whole.set(big(whole.length, 4));
  return whole;
}

function segment(marker: number, data: Uint8Array): Uint8Array {
  return concat(new Uint8Array([0xff, marker]), big(data.length + 2, 2), data);
}

/** Photoshop's resources with IPTC records, and a thumbnail. */
const RESOURCES = concat(
  latin("Photoshop 3.0\0"),
  ...(
    [
      [0x404, concat(...([[80, SECRETS.artist], [90, "Springfield"], [120, SECRETS.comment]] as const).map(([set, value]) => concat(new Uint8Array([0x1c, 2, set]), big(value.length, 2), latin(value))))],
      [0x40c, new Uint8Array(40)],
    ] as const
  ).map(([kind, data]) => concat(latin("8BIM"), big(kind, 2), new Uint8Array(2), big(data.length, 4), data, new Uint8Array(data.length % 2))),
);

/** A JPEG with everything that phones, programs and people put into one. `base` is a bare JPEG. */
export function jpeg(base: Uint8Array = JPEG, orientation = 6, colours?: "p3" | "screen"): Uint8Array {
  const body = base.subarray(2);
  const jfif = marksJfif(body) ? 18 : 0;
  return concat(
    base.subarray(0, 2),
    body.subarray(0, jfif),
    segment(0xe1, concat(latin("Exif\0\0"), exif(orientation))),
    segment(0xe1, concat(latin("http://ns.adobe.com/xap/1.0/\0"), XMP)),
    ...(colours === undefined ? [] : [segment(0xe2, concat(latin("ICC_PROFILE\0\x01\x01"), profile(colours)))]),
    segment(0xe2, concat(latin("MPF\0"), new Uint8Array(30))),
    segment(0xed, RESOURCES),
    segment(0xeb, latin(`JP\0secret of ${SECRETS.make}`)),
    segment(0xfe, latin(SECRETS.comment)),
    body.subarray(jfif),
    base, // a second picture behind the end, as phones put there
  );
}

function marksJfif(body: Uint8Array): boolean {
  return body[1] === 0xe0;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = concat(latin(type), data);
  return concat(big(data.length, 4), body, big(crc(body), 4));
}

/** CRC-32, bit by bit, as PNG's specification has it. */
export function crc(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let i = 0; i < 8; i++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return (value ^ 0xffffffff) >>> 0;
}

/** A PNG of 24 x 16 pixels with every kind of text, EXIF, a profile, a time, and the rest of an uncropped picture behind its end. */
export function png(): Uint8Array {
  const rows = Array.from({ length: 16 }, (_, y) => [0, ...Array.from({ length: 24 }, (_, x) => [x * 10, y * 15, (x * y) % 256]).flat()]).flat();
  const text = (keyword: string, value: string): Uint8Array => chunk("tEXt", latin(`${keyword}\0${value}`));
  return concat(
    latin("\x89PNG\r\n\x1a\n"),
    chunk("IHDR", concat(big(24, 4), big(16, 4), latin("\x08\x02\0\0\0"))),
    chunk("gAMA", big(45455, 4)),
    chunk("pHYs", concat(big(2835, 4), big(2835, 4), latin("\x01"))),
    chunk("tIME", concat(big(2026, 2), latin("\x04\x0c\x09\x1e\x01"))),
    chunk("eXIf", exif(1, "MM")),
    text("Software", SECRETS.software),
    text("Author", SECRETS.artist),
    text("Creation Time", SECRETS.when),
    chunk("zTXt", concat(latin("Comment\0\0"), deflateSync(latin(SECRETS.comment)))),
    chunk("iTXt", concat(latin("XML:com.adobe.xmp\0\0\0\0\0"), XMP)),
    chunk("prVW", new Uint8Array(8)),
    chunk("IDAT", deflateSync(Uint8Array.from(rows))),
    chunk("IEND", new Uint8Array()),
    chunk("IDAT", deflateSync(new Uint8Array(400))),
  );
}

/** A WebP with EXIF, XMP and a profile. */
export function webp(): Uint8Array {
  const piece = (type: string, data: Uint8Array): Uint8Array => concat(latin(type), little(data.length, 4), data, new Uint8Array(data.length % 2));
  const size = concat(little(23, 4).subarray(0, 3), little(15, 4).subarray(0, 3));
  const body = concat(
    latin("WEBP"),
    piece("VP8X", concat(new Uint8Array([0x2c, 0, 0, 0]), size)),
    piece("ICCP", profile("screen")),
    WEBP.subarray(12),
    piece("EXIF", exif(3)),
    piece("XMP ", XMP),
    piece("note", latin(SECRETS.comment)),
  );
  return concat(latin("RIFF"), little(body.length, 4), body);
}

/** A TIFF of two pages in 8-bit grey and a thumbnail, with EXIF, GPS and forgotten bytes. */
export function tiffFile(order: "II" | "MM" = "II"): Uint8Array {
  const pixels = (step: number): Uint8Array => Uint8Array.from({ length: 24 * 16 }, (_, i) => (i * step) % 256);
  const page = (at: number, kind: number, ...more: Field[]): Field[] =>
    [
      { tag: 0xfe, longs: [kind] },
      { tag: 0x100, shorts: [24] },
      { tag: 0x101, shorts: [16] },
      { tag: 0x102, shorts: [8] },
      { tag: 0x103, shorts: [1] },
      { tag: 0x106, shorts: [1] },
      { tag: 0x111, longs: [at, at + 192] },
      { tag: 0x115, shorts: [1] },
      { tag: 0x116, shorts: [8] },
      { tag: 0x117, longs: [192, 192] },
      ...more,
    ].sort((one, other) => one.tag - other.tag) as Field[];
  const gps: Field = { tag: 0x8825, directory: [{ tag: 1, text: "N" }, { tag: 2, fractions: [[48, 1], [51, 1], [0, 1]] }, { tag: 3, text: "E" }, { tag: 4, fractions: [[2, 1], [17, 1], [0, 1]] }] };
  const forgotten = latin(`an earlier artist was ${SECRETS.artist}.`);
  return tiff(
    [
      page(8, 0, { tag: 0x10f, text: SECRETS.make }, { tag: 0x131, text: SECRETS.software }, { tag: 0x13b, text: SECRETS.artist }, { tag: 0x2bc, bytes: XMP }, gps),
      page(392, 0, { tag: 0x10d, text: "C:\\Users\\ada\\scan.tif" }),
      page(8, 1),
    ],
    concat(pixels(1), pixels(7), forgotten),
    order,
  );
}

/** A GIF of two pictures with a comment, XMP and a number of repeats. */
export function gif(): Uint8Array {
  const control = latin("\x21\xf9\x04\0\x0a\0\0\0");
  const picture = (index: number): Uint8Array => concat(latin("\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02"), new Uint8Array([0x44 + 8 * index, 0x01, 0x00]));
  return concat(
    latin("GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff"),
    latin("\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"),
    latin(`\x21\xfe${String.fromCharCode(SECRETS.comment.length)}${SECRETS.comment}\0`),
    control,
    picture(0),
    control,
    picture(1),
    latin("\x3bleft behind"),
  );
}

const bare = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, "base64"));

/** A bare JPEG of 24 x 16 pixels, baseline, with a JFIF segment. */
export const JPEG = bare(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//2wBDAQ4ODh" +
    "MREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAAQABgDASIAAhEBAxEB/8QAFgABAQEAAAAAAAAAAAAA" +
    "AAAABQYA/8QAHhAAAQQDAAMAAAAAAAAAAAAAAAMFIjEBAgQRElH/xAAWAQEBAQAAAAAAAAAAAAAAAAAEAgb/xAAgEQABAgUFAAAAAAAAAAAAAAACAAEDBAURIRITQXGx/9" +
    "oADAMBAAIRAxEAPwCKQbqiIoNtRHeZuqIrzNlRBwj3UeUqVuVPINdRMWKfDqnnGPXzt8MUZyoFpMs9O/jLSwakTjhf/9k=",
);

/** The same as progressive JPEG, in several scans. */
export const PROGRESSIVE = bare(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx" +
    "4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wgARCAAQABgDASIAAhEBAxEB/8QAFwAAAwEAAAAAAAAAAAAA" +
    "AAAAAAMEBf/EABcBAAMBAAAAAAAAAAAAAAAAAAACAwT/2gAMAwEAAhADEAAAAc5tL5pKaAbP/8QAFxAAAwEAAAAAAAAAAAAAAAAAAAECEv/aAAgBAQABBQJSKBQKRQZP/8" +
    "QAFxEAAwEAAAAAAAAAAAAAAAAAAAIDIf/aAAgBAwEBPwFKi1w//8QAGBEBAQADAAAAAAAAAAAAAAAAAQACETH/2gAIAQIBAT8BHcuB2//EABQQAQAAAAAAAAAAAAAAAAAA" +
    "ACD/2gAIAQEABj8CX//EABcQAAMBAAAAAAAAAAAAAAAAAAABESD/2gAIAQEAAT8hyhyg/9oADAMBAAIAAwAAABB0P//EABYRAQEBAAAAAAAAAAAAAAAAAAABEf/aAAgBAw" +
    "EBPxDNU//EABcRAAMBAAAAAAAAAAAAAAAAAAABESH/2gAIAQIBAT8QKwjaf//EABgQAQEBAQEAAAAAAAAAAAAAAABhAREh/9oACAEBAAE/EIoIooMfHO6//9k=",
);

/** The same in CMYK with an Adobe segment, which decides how it is decoded. */
export const CMYK = bare(
    "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAbEhQXFBEbFxYXHhwbIChCKyglJShROj0wQmBVZWRfVV1baniZgWpxkHNbXYW1hpCeo6utq2eAvMm6pseZqKuk/8AAFAgAEAAYBE" +
    "MRAE0RAFkRAEsRAP/EABgAAQEBAQEAAAAAAAAAAAAAAAAFBgQD/8QAIhAAAQIHAAIDAAAAAAAAAAAAAARBAQIDERIUYQUTIUJx/9oADgRDAE0AWQBLAAA/AIaViTo8M7Tk" +
    "yNMWErDR4dFNLkwLCVho8Oin43L6gx6VjR6PDnRyZWBYSsNHhbRpcrfALCVho8PdUrT+PmhS9ca1e18JY2hD9iwP/9k=",
);

/** A bare WebP of 24 x 16 pixels. */
export const WEBP = bare(
    "UklGRnwAAABXRUJQVlA4IHAAAABQBACdASoYABAAPtFYpEuoJSOhsAgBABoJbACdLwJ6SBLiXhhhlmB0ZO8AAP7+d0OrN2xNTpayPMLYdyxAfZ7+D+O2uQ3HV+WWQtWp/H" +
    "NyUsRuugnvRVJRPylHjumvr2rQw60qn8lfj9qgLJgPAAAA",
);
