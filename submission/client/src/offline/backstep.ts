// Coming back with a codename: which shelf to download, the replies in it, and the next letter.
import { parseCodename, type Codename, type CodenameKeys } from "../core/codename.ts";
import { CodenameError } from "../core/errors.ts";
import { nextNumber, type Mailbox } from "../core/replies.ts";
import { shelfName } from "../core/shelf.ts";
import { make } from "../dom.ts";
import { OFFLINE } from "../words/offline.ts";
import { count, speaker } from "../words/say.ts";
import { alertBox, WrongError, type Desk } from "./desk.ts";
import { letterForm } from "./form.ts";
import { sealForm } from "./sealstep.ts";
import { keysInTheMaking } from "./tipstep.ts";

const REPLY_SIZE = 16_384;
const MOST_NUMBER = 1_000_000;
const SECOND = 2; // the first letter is the tip

/** The section for whoever has a codename; `sheetChanged` is to be called when another key sheet was opened. */
export function backStep(desk: Desk): { readonly element: HTMLElement; readonly sheetChanged: () => void } {
  const { teller } = desk;
  const wrong = alertBox(teller);
  const input = make("input", {
    type: "text", id: "codename", autocomplete: "off", autocapitalize: "none", spellcheck: "false", dir: "ltr",
  });
  const place = make("div", {});
  let sheetChanged = (): void => undefined;
  const asking = make(
    "form",
    { autocomplete: "off" },
    make(
      "div",
      { class: "field" },
      make("label", { for: "codename" }, teller.word("codename"), make("span", { class: "hint" }, teller.word("codenameHint"))),
      input,
    ),
    wrong.element,
    make("p", {}, make("button", { type: "submit" }, teller.word("open"))),
  );
  const element = make(
    "section",
    { id: "back" },
    make("h2", {}, teller.word("backTitle")),
    make("p", { class: "lead" }, teller.word("backLead")),
    asking,
    place,
  );
  asking.addEventListener("submit", (event) => {
    event.preventDefault();
    void open();
  });
  return { element, sheetChanged: () => sheetChanged() };

  async function open(): Promise<void> {
    wrong.say();
    try {
      const codename = parseCodename(input.value, desk.instance.list);
      const making = keysInTheMaking(desk, codename, desk.roster.instance);
      place.replaceChildren(making.element);
      const conversation = openConversation(desk, element, codename, await making.keys);
      asking.hidden = true;
      place.replaceChildren(...conversation.elements);
      sheetChanged = conversation.sheetChanged;
    } catch (error) {
      if (!(error instanceof CodenameError)) return wrong.say("wrongBroken");
      const word = { count: "codenameCount", unknown: "codenameUnknown", check: "codenameCheck" } as const;
      wrong.say(word[error.kind], { position: String(error.position ?? "") });
    }
  }
}

interface Conversation {
  readonly elements: readonly HTMLElement[];
  readonly sheetChanged: () => void;
}

function openConversation(desk: Desk, section: HTMLElement, codename: Codename, keys: CodenameKeys): Conversation {
  const { teller } = desk;
  const where = make("div", {});
  const writing = make("div", {});
  const found = make("div", { role: "status" });
  const number = make("input", { type: "number", id: "number", min: String(SECOND), max: String(MOST_NUMBER), value: String(SECOND) });
  const shelf = make("input", { type: "file", id: "shelf", autocomplete: "off" });
  const wrong = alertBox(teller);
  shelf.addEventListener("change", () => void read());
  const sheetChanged = (): void => {
    where.replaceChildren(...whichShelf(desk, keys));
    if (desk.sheet === undefined) writing.replaceChildren(make("p", {}, teller.word("againNoSheet")));
    else if (writing.querySelector("form") === null) writing.replaceChildren(...writeAgain(desk, section, codename, keys, number));
  };
  sheetChanged();
  const elements = [
    make("h3", {}, teller.word("shelfTitle")),
    where,
    make("div", { class: "field" }, make("label", { for: "shelf" }, teller.word("shelfChoose")), shelf),
    wrong.element,
    found,
    make("h3", {}, teller.word("againTitle")),
    writing,
  ];
  return { elements, sheetChanged };

  async function read(): Promise<void> {
    wrong.say();
    found.replaceChildren();
    const file = shelf.files?.[0];
    if (file === undefined) return;
    if (file.size % REPLY_SIZE !== 0) return wrong.say("shelfBad");
    try {
      const mailbox = await readShelf(desk, found, keys, file);
      found.replaceChildren(...showReplies(desk, mailbox));
      const least = nextNumber(mailbox.replies);
      number.min = String(least);
      number.value = String(Math.max(least, number.valueAsNumber || least));
    } catch {
      found.replaceChildren();
      wrong.say("wrongRead");
    }
  }
}

function whichShelf({ teller, sheet }: Desk, keys: CodenameKeys): readonly HTMLElement[] {
  if (sheet === undefined) return [make("p", {}, teller.word("shelfNoSheet"))];
  const bits = sheet.sheet.shelfBits;
  const path = make("code", { class: "block", id: "shelf-path" }, `/shelf/${shelfName(keys.shelf, bits)}`);
  const tells = bits === 0 ? teller.word("shelfAllTells") : teller.word("shelfOneTells", { bits: String(bits) });
  return [make("p", {}, teller.word(bits === 0 ? "shelfAll" : "shelfOne"), path), make("p", { class: "soft" }, tells)];
}

async function readShelf(desk: Desk, place: HTMLElement, keys: CodenameKeys, shelf: Blob): Promise<Mailbox> {
  const { root, roster } = desk.instance;
  const bar = make("progress", { max: "1", value: "0" });
  const words = make("p", { class: "soft" });
  place.replaceChildren(bar, words);
  const progress = (done: number, all: number): void => {
    const language = desk.teller.language();
    bar.value = all === 0 ? 1 : done / all;
    words.textContent = speaker(language)(OFFLINE.shelfReading, { done: count(language, done), all: count(language, all) });
  };
  return desk.jobs({ kind: "replies", root, roster, keys, shelf }, { progress });
}

function showReplies({ teller, roster }: Desk, { replies, gaps }: Mailbox): readonly HTMLElement[] {
  const label = (reviewer: string): string => roster.reviewers.find(({ id }) => id === reviewer)?.label ?? reviewer;
  const letters = replies.toReversed().map((reply) =>
    make(
      "article",
      { class: "letter" },
      make("h4", {}, teller.word("from", { reviewer: label(reply.reviewer) })),
      make("p", { class: "hint" }, teller.word("replyAbout", { number: String(reply.number), week: reply.week, seen: String(reply.seen) })),
      make("p", { class: "text", dir: "auto" }, reply.text),
    ),
  );
  const missing = gaps.map(([reviewer, number]) =>
    make("li", {}, teller.word("gap", { number: String(number), reviewer: label(reviewer) })),
  );
  const lead = make("p", {}, teller.word(letters.length === 0 ? "repliesNone" : "repliesLead"));
  const old = roster.version === 1 ? [] : [make("p", { class: "soft" }, teller.word("repliesOld"))];
  if (missing.length === 0) return [lead, ...letters, ...old];
  const title = make("p", {}, make("strong", {}, teller.word("gaps")), " ", teller.word("gapsLead"));
  return [lead, ...letters, make("div", { class: "note" }, title, make("ul", {}, ...missing)), ...old];
}

function writeAgain(desk: Desk, section: HTMLElement, codename: Codename, keys: CodenameKeys, number: HTMLInputElement): readonly HTMLElement[] {
  const { teller } = desk;
  const wrong = alertBox(teller);
  const place = make("div", {});
  const label = make("label", { for: "number" }, teller.word("number"), make("span", { class: "hint" }, teller.word("numberHint")));
  const form = letterForm(desk, false, [make("div", { class: "field" }, label, number), wrong.element], () => void send());
  return [form.element, place];

  async function send(): Promise<void> {
    const writer = async () => ({ codename, keys, number: numberIn(number) });
    await sealForm(desk, { section, form, place, wrong }, writer);
  }
}

function numberIn(input: HTMLInputElement): number {
  const number = input.valueAsNumber;
  const least = Number(input.min);
  if (!Number.isInteger(number) || number < least || number > MOST_NUMBER) throw new WrongError("wrongNumber", { least: String(least) });
  return number;
}
