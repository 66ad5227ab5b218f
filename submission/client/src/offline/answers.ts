// The answers of a tip, made fit for a letter: the same as parse_fields of wire/tipform.py, refusals included.
import { dump } from "../core/encoding.ts";
import { LapwingError } from "../core/errors.ts";
import { FIELDS, type Field } from "./questions.ts";

/** All answers together, as compact JSON in UTF-8, in bytes. */
export const MOST_ENCODED = 6_000;

const LINE_ENDS = /\r\n|[\r\x85\u2028\u2029]/g;
const UNWANTED = /[^\n\P{Cc}]|\p{Cs}/u;
// What Python's strip takes away; trim leaves the separators of ASCII there and takes U+FEFF too.
const AROUND = /^[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g;

/** An answer cannot stand in a letter; `field` names it, never its text, and `most` is how long it may be. */
export class AnswerError extends LapwingError<"unknown" | "long" | "control" | "option" | "together"> {
  readonly field: string;
  readonly most: number;

  constructor(message: string, kind: AnswerError["kind"], field: string, most = 0) {
    super(message, kind);
    this.field = field;
    this.most = most;
  }
}

/**
 * Returns the answers that were given, in the order of FIELDS: in NFC, with line feeds or, where a field has one line,
 * spaces; without white space around them; empty ones left out. At most 6,000 bytes as compact JSON.
 *
 * Throws AnswerError: a name the form does not have, an answer that is too long, holds a control character or is not
 * among the options, or all together are too long ("together", naming the longest).
 */
export function parseAnswers(untrusted: Readonly<Record<string, string>>): Record<string, string> {
  const known = new Set(FIELDS.map((one) => one.name));
  for (const name of Object.keys(untrusted)) {
    if (!known.has(name)) throw new AnswerError("a field that this form does not have", "unknown", "");
  }
  const answers: Record<string, string> = {};
  for (const field of FIELDS) {
    const given = untrusted[field.name];
    const answer = given === undefined ? "" : parse(field, given);
    if (answer !== "") answers[field.name] = answer;
  }
  const size = (name: string): number => dump({ [name]: answers[name] ?? "" }).length;
  if (dump(answers).length > MOST_ENCODED) {
    const longest = Object.keys(answers).reduce((one, other) => (size(other) > size(one) ? other : one));
    throw new AnswerError("the answers together are too long; put the rest into the story", "together", longest);
  }
  return answers;
}

function parse(field: Field, untrusted: string): string {
  if (points(untrusted) > 4 * field.most) throw tooLong(field);
  let text = untrusted.normalize("NFC").replace(LINE_ENDS, "\n").replaceAll("\t", " ");
  if (field.kind !== "text" && field.kind !== "urls") text = text.replaceAll("\n", " ");
  text = text.replace(AROUND, "");
  if (UNWANTED.test(text)) throw new AnswerError("an answer holds a control character", "control", field.name);
  if (points(text) > field.most) throw tooLong(field);
  if (text !== "" && field.options.length > 0 && !field.options.includes(text)) {
    throw new AnswerError("an answer is not among the options", "option", field.name);
  }
  return text;
}

function tooLong(field: Field): AnswerError {
  return new AnswerError("an answer is too long; put the rest into the story", "long", field.name, field.most);
}

/** How many code points text has. */
function points(text: string): number {
  let many = 0;
  for (const _ of text) many++;
  return many;
}
