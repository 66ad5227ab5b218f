// The form of a letter: a tip with the questions of the tip form, or a message without them.
import platforms from "../../../../wire/data/platforms.json";
import products from "../../../../wire/data/products.json";
import species from "../../../../wire/data/species.json";
import { make } from "../dom.ts";
import type { Enclosure } from "../enclosures/sealing.ts";
import { CLAIMS } from "../words/claims.ts";
import { GROUP_TITLES, OPTIONS, QUESTIONS } from "../words/questions.ts";
import type { Sentence } from "../words/say.ts";
import { AnswerError, parseAnswers } from "./answers.ts";
import { WrongError, type Desk } from "./desk.ts";
import { enclosing, type Enclosing } from "./files.ts";
import { FIELDS, GROUPS, type Field } from "./questions.ts";
import type { Teller } from "./teller.ts";

/** What a letter shall say. */
export interface Draft {
  readonly story: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly notTo: readonly string[];
  readonly files: readonly Enclosure[];
  /** Whether claim words shall be made for it. */
  readonly wantsClaim: boolean;
}

export interface Form {
  readonly element: HTMLFormElement;
  /** What stands in the form now; throws WrongError when something must be put right first. */
  readonly draft: () => Draft;
}

const DANGER = "in_danger_now";
// Some browsers send what is typed to their maker to have its spelling checked, or fetch a dictionary. And Firefox writes
// what stands in a form to the disk every few seconds, to restore it after a crash; of a textarea it heeds only its own word.
const UNCHECKED = { spellcheck: "false", autocomplete: "off", dir: "auto" };
const SUGGESTING = ["species", "product", "marketplace"];

/** Returns a form; `last` stands before its button, and `send` is called when that is pressed. */
export function letterForm(desk: Desk, tip: boolean, last: readonly Node[], send: () => void): Form {
  const { teller } = desk;
  const story = make("textarea", { class: "story", id: tip ? "story" : "message", ...UNCHECKED });
  const storyHint = tip ? [make("span", { class: "hint" }, teller.word("storyHint"))] : [];
  const files = enclosing(desk, tip ? "files" : "more-files");
  const element = make(
    "form",
    { autocomplete: "off", novalidate: true },
    make("div", { class: "field" }, make("label", { for: story.id }, teller.word(tip ? "story" : "message"), ...storyHint), story),
    ...(tip ? [danger(teller)] : []),
    make("div", { class: "groups" }, ...(tip ? GROUPS.map((group) => questions(teller, group)) : []), ...notTo(desk, tip)),
    ...(tip ? suggestions(teller) : []),
    files.element,
    claim(teller),
    ...last,
    make("p", {}, make("button", { type: "submit" }, teller.word("seal"))),
    make("p", { class: "soft" }, teller.word("sealHint")),
    ...(tip ? [credit(teller)] : []),
  );
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  return { element, draft: () => read(desk, element, story.value, files) };
}

function read({ roster }: Desk, element: HTMLFormElement, story: string, files: Enclosing): Draft {
  const given = new FormData(element);
  const answers: Record<string, string> = {};
  for (const { name } of FIELDS) {
    const answer = given.get(name);
    if (typeof answer === "string") answers[name] = answer;
  }
  const notTo = given.getAll("not_to").map(String);
  if (roster.reviewers.length - notTo.length < roster.approvals) {
    throw new WrongError("wrongReaders", { approvals: String(roster.approvals) });
  }
  const enclosed = files.chosen();
  if (story.trim() === "" && enclosed.length === 0) throw new WrongError("wrongEmpty");
  return { story: story.trim(), fields: parsed(answers), notTo, files: enclosed, wantsClaim: given.has("claim") };
}

function parsed(answers: Record<string, string>): Record<string, string> {
  try {
    return parseAnswers(answers);
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
    const word = error.kind === "together" ? "wrongTogether" : error.kind === "long" ? "wrongLong" : "wrongControl";
    const label = QUESTIONS[error.field]?.label;
    throw new WrongError(word, (to) => ({ field: label?.[to] ?? "", most: String(error.most) }));
  }
}

function danger(teller: Teller): HTMLElement {
  const box = make("input", { type: "checkbox", name: DANGER, value: "yes" });
  const advice = make(
    "div",
    { class: "note urgent", role: "alert", hidden: true },
    make("p", {}, make("strong", {}, teller.word("dangerTitle"))),
    make("ul", {}, ...(["dangerGo", "dangerCall", "dangerDoNot"] as const).map((word) => make("li", {}, teller.word(word)))),
  );
  box.addEventListener("change", () => (advice.hidden = !box.checked));
  return make("div", { class: "field" }, make("label", { class: "choice" }, box, make("span", {}, teller.word("danger"))), advice);
}

function questions(teller: Teller, group: string): HTMLElement {
  const title = GROUP_TITLES[group];
  const asked = FIELDS.filter((field) => field.group === group && field.name !== DANGER);
  return make(
    "details",
    {},
    make("summary", {}, ...(title === undefined ? [] : [teller.say(title)])),
    ...asked.map((field) => question(teller, field)),
  );
}

function question(teller: Teller, field: Field): HTMLElement {
  const words = QUESTIONS[field.name];
  const label = words === undefined ? [] : [teller.say(words.label)];
  const hint = words?.hint === undefined ? [] : [make("span", { class: "hint" }, teller.say(words.hint))];
  if (field.options.length > 0) {
    const choices = [...field.options, ""].map((option) => choice(teller, field, option));
    return make("div", { class: "field" }, make("fieldset", {}, make("legend", {}, ...label, ...hint), make("div", { class: "choices" }, ...choices)));
  }
  const attributes = { id: field.name, name: field.name, ...UNCHECKED, maxlength: String(field.most) };
  const input =
    field.kind === "text" || field.kind === "urls"
      ? make("textarea", attributes)
      : make("input", { ...attributes, type: "text", ...(SUGGESTING.includes(field.name) ? { list: `${field.name}-list` } : {}) });
  return make("div", { class: "field" }, make("label", { for: field.name }, ...label, ...hint), input);
}

function choice(teller: Teller, field: Field, option: string): HTMLElement {
  const sentence: Sentence | undefined = OPTIONS[option];
  const words = sentence === undefined ? teller.word("noAnswer") : teller.say(sentence);
  const input = make("input", { type: "radio", name: field.name, value: option, checked: option === "" });
  return make("label", { class: "choice" }, input, make("span", {}, words));
}

function notTo({ teller, roster }: Desk, tip: boolean): readonly HTMLElement[] {
  if (roster.reviewers.length <= roster.approvals) return [];
  const hint = tip ? teller.word("notToHint", { approvals: String(roster.approvals) }) : teller.word("notToAgain");
  const boxes = roster.reviewers.map(({ id, label }) =>
    make("label", { class: "choice" }, make("input", { type: "checkbox", name: "not_to", value: id }), make("span", { dir: "auto" }, label)),
  );
  const legend = make("legend", {}, teller.word("notToLegend"), make("span", { class: "hint" }, hint));
  return [make("details", {}, make("summary", {}, teller.word("notToTitle")), make("fieldset", { class: "field" }, legend, ...boxes))];
}

/** The choice to be able to prove it later, which nobody makes by mistake: it is folded away and off. */
function claim({ say }: Teller): HTMLElement {
  const box = make("input", { type: "checkbox", name: "claim", value: "yes" });
  const words = make("span", {}, say(CLAIMS.choose), " ", make("span", { class: "hint" }, say(CLAIMS.chooseHint)));
  return make(
    "details",
    {},
    make("summary", {}, say(CLAIMS.chooseTitle)),
    make("p", {}, say(CLAIMS.chooseWhat)),
    make("p", {}, make("strong", {}, say(CLAIMS.chooseRisk)), " ", say(CLAIMS.chooseLater)),
    make("label", { class: "choice" }, box, words),
  );
}

function suggestions(teller: Teller): readonly HTMLElement[] {
  const lists = {
    species: make("datalist", { id: "species-list" }),
    product: make("datalist", { id: "product-list" }),
    marketplace: make("datalist", { id: "marketplace-list" }),
  };
  teller.always((to) => {
    const name = to === "fr" ? "french" : "english";
    const taxa = species.taxa.map((one) => make("option", { value: `${one[name]} (${one.scientific})` }, `CITES ${one.appendix}`));
    lists.species.replaceChildren(...taxa);
    lists.product.replaceChildren(...products.products.map((one) => make("option", { value: one[name] })));
    lists.marketplace.replaceChildren(...platforms.platforms.map((one) => make("option", { value: one })));
  });
  return Object.values(lists);
}

function credit(teller: Teller): HTMLElement {
  const text = { en: `${species.statement.english} ${products.credit.english}`, fr: `${species.statement.french} ${products.credit.french}` };
  return make("p", { class: "hint" }, teller.word("aboutNames"), " ", teller.say(text));
}
