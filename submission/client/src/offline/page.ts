// The sealer's page: whom it is for, the key sheet, then a new tip or the way back with a codename.
import { hex } from "../core/encoding.ts";
import { LapwingError } from "../core/errors.ts";
import { rootWords } from "../core/rootwords.ts";
import { openRoster } from "../core/roster.ts";
import { make, pressed, show } from "../dom.ts";
import { CLAIMS } from "../words/claims.ts";
import type { Language } from "../words/say.ts";
import { backStep } from "./backstep.ts";
import { claimStep } from "./claimstep.ts";
import { inWords, today } from "./days.ts";
import { alertBox, type Desk } from "./desk.ts";
import { BEFORE_EVERY_END, readInstance, type Instance } from "./instance.ts";
import { jobs } from "./jobs.ts";
import { sheetStep } from "./sheetstep.ts";
import { teller, type Teller } from "./teller.ts";
import { tipStep } from "./tipstep.ts";

const NAMES: Readonly<Record<Language, string>> = { en: "English", fr: "Français" };

/** Builds the page. `script` is the text of this very script, for its other thread. */
export function openPage(script: string): void {
  const words = teller();
  const main = document.getElementById("main") ?? document.body;
  main.replaceChildren(make("h1", {}, words.word("title")), make("p", { class: "lead" }, words.word("lead")), connected(words));
  document.getElementById("languages")?.replaceChildren(...languages(words));
  words.change(words.language());
  const wrong = alertBox(words);
  main.append(wrong.element);
  try {
    const instance = readInstance();
    const roster = openRoster(instance.roster, instance.root, BEFORE_EVERY_END);
    if (today() > roster.expires) wrong.say("rosterExpired", ended());
    main.append(...steps({ teller: words, jobs: jobs(script), instance, roster, sheet: undefined }));
  } catch (error) {
    if (!(error instanceof LapwingError)) throw error;
    wrong.say("rosterBad");
  }
}

function ended(): (to: Language) => { today: string } {
  const day = today();
  return (to) => ({ today: inWords(to, day) });
}

function languages(words: Teller): readonly Node[] {
  return (Object.keys(NAMES) as Language[]).map((language) => {
    const button = make("button", { type: "button", class: "quiet small", lang: language }, NAMES[language]);
    words.always((now) => button.setAttribute("aria-pressed", String(now === language)));
    pressed(button, () => words.change(language));
    return button;
  });
}

function connected(words: Teller): HTMLElement {
  const note = make("p", { class: "note", role: "status" }, make("strong", {}, words.word("online")));
  const look = (): void => void (note.hidden = !navigator.onLine);
  addEventListener("online", look);
  addEventListener("offline", look);
  look();
  return note;
}

function steps(desk: Desk): readonly HTMLElement[] {
  const { teller: words } = desk;
  const place = make("div", {});
  const write = make("button", { type: "button", id: "write", disabled: true }, words.word("writeTip"));
  const back = make("button", { type: "button", id: "come-back", class: "quiet" }, words.word("useCodename"));
  const claim = make("button", { type: "button", id: "answer", class: "quiet" }, words.say(CLAIMS.title));
  const buttons = make("p", { class: "buttons" }, write, back, claim);
  const what = make("section", {}, make("h2", {}, words.word("whatTitle")), buttons);
  let sheetChanged = (): void => undefined;
  const sheet = sheetStep(desk, () => {
    write.disabled = desk.sheet === undefined;
    sheetChanged();
  });
  pressed(write, () => {
    what.hidden = true;
    open(place, tipStep(desk));
  });
  pressed(back, () => {
    what.hidden = true;
    const opened = backStep(desk);
    sheetChanged = opened.sheetChanged;
    open(place, opened.element);
  });
  pressed(claim, () => {
    what.hidden = true;
    open(place, claimStep(desk));
  });
  return [forWhom(desk.instance, words), sheet, what, place];
}

function open(place: HTMLElement, section: HTMLElement): void {
  place.replaceChildren(section);
  show(section);
}

function forWhom(instance: Instance, words: Teller): HTMLElement {
  return make(
    "section",
    {},
    make("h2", {}, words.word("forWhom")),
    make("p", {}, words.word("rootWords")),
    make("p", { class: "code", lang: "en", id: "root-words" }, rootWords(instance.root, instance.list).join(" ")),
    make("p", {}, words.word("compare")),
    make("details", {}, make("summary", {}, words.word("rootHex")), make("p", { class: "code" }, hex(instance.root))),
  );
}
