// XMP (ISO 16684-1): XML that programs leave in pictures and documents. Searched for the properties that tell most; any XMP is a finding.
import { text } from "./bytes.ts";
import type { Add, FindingKind } from "./finding.ts";

const PROPERTIES: readonly (readonly [FindingKind, string])[] = [
  ["gps", "GPSLatitude|GPSLongitude|GPSAltitude|City|Location|CountryName|State|Country"],
  ["camera", "Make|Model|LensModel|Lens"],
  ["serial", "BodySerialNumber|CameraSerialNumber|LensSerialNumber|SerialNumber"],
  ["author", "creator|Author|CameraOwnerName|OwnerName|AuthorsPosition|CaptionWriter|PersonInImage|rights|LastModifiedBy|DisplayName"],
  ["company", "Company"],
  ["software", "CreatorTool|Producer|softwareAgent|Software"],
  ["date", "CreateDate|ModifyDate|MetadataDate|DateCreated|DateTimeOriginal|when"],
  ["comment", "description|title|Headline|UserComment|subject|Keywords"],
  ["id", "DocumentID|InstanceID|OriginalDocumentID"],
  ["name", "RawFileName|PreservedFileName"],
];
const KIND_OF_PROPERTY = new Map(PROPERTIES.flatMap(([kind, names]) => names.split("|").map((name) => [name, kind] as const)));

// A property is an attribute, an element with text, or an element with a list whose first item is text.
const PROPERTY = new RegExp(
  `:(${[...KIND_OF_PROPERTY.keys()].join("|")})(?:\\s*=\\s*["']([^"'<]{0,300})|(?:\\s[^<>]{0,300})?>\\s*` +
    `(?:<rdf:(?:Seq|Alt|Bag)[^<>]{0,100}>\\s*<rdf:li[^<>]{0,100}>)?([^<]{0,300}))`,
  "g",
);
const LARGEST = 1 << 18; // longer packets hold pictures or padding; what they begin with is enough to show
const MOST_PROPERTIES = 200;

/** Says what an XMP packet tells; searches at most its first 256 KiB. */
export function describeXmp(packet: Uint8Array, add: Add): void {
  const xml = text(packet, LARGEST);
  add("xmp");
  let left = MOST_PROPERTIES;
  for (const [, name, attribute, element] of xml.matchAll(PROPERTY)) {
    const kind = KIND_OF_PROPERTY.get(name ?? "");
    const value = (attribute ?? element ?? "").trim();
    if (kind !== undefined && value !== "") add(kind, value);
    if (--left === 0) break;
  }
  if (/:(History|DerivedFrom|Ingredients)\b/.test(xml)) add("history");
  if (/:(Thumbnails|GImage|GDepth|HasExtendedXMP)\b/.test(xml)) add("thumbnail");
}
