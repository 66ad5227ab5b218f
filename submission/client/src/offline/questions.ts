// The fields of a tip, as wire/tipform.py has them; a test holds the two lists together.

export type Kind = "line" | "text" | "choice" | "yes_no" | "date" | "species" | "product" | "urls";

export interface Field {
  readonly name: string;
  readonly group: string;
  readonly kind: Kind;
  /** Longest answer in code points, after normalisation. */
  readonly most: number;
  /** What `choice` and `yes_no` accept; empty for every other kind. */
  readonly options: readonly string[];
}

const YES_NO = ["yes", "no"];
const OR_UNSURE = ["yes", "no", "unsure"];

function field(name: string, group: string, kind: Kind, most: number, options: readonly string[] = []): Field {
  return { name, group, kind, most, options };
}

/** Every field, in the order of the form; the fields of one group stand together. */
export const FIELDS: readonly Field[] = [
  field("species", "listing", "species", 200),
  field("product", "listing", "product", 200),
  field("quantity", "listing", "line", 120),
  field("price", "listing", "line", 120),
  field("marketplace", "listing", "line", 200),
  field("listing_addresses", "listing", "urls", 2_000),
  field("seller_handles", "listing", "text", 600),
  field("payment", "trade", "text", 600),
  field("shipping", "trade", "text", 600),
  field("place", "where", "text", 400),
  field("dates", "where", "date", 200),
  field("people", "who", "text", 1_000),
  field("firms", "who", "text", 600),
  field("how_known", "you", "text", 800),
  field("reported_before", "you", "yes_no", 3, YES_NO),
  field("reported_to", "you", "line", 200),
  field("reported_when", "you", "date", 120),
  field("reward_wish", "you", "choice", 6, OR_UNSURE),
  field("willing_to_testify", "you", "choice", 6, OR_UNSURE),
  field("in_danger_now", "you", "yes_no", 3, YES_NO),
];

export const GROUPS: readonly string[] = [...new Set(FIELDS.map((one) => one.group))];
