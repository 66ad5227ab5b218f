// The one step before all others: this week's key sheet, opened from the file that was downloaded beside the sealer.
import { hex } from "../core/encoding.ts";
import { KeySheetError, RosterError } from "../core/errors.ts";
import { openRoster } from "../core/roster.ts";
import { openSheet } from "../core/sheet.ts";
import { make } from "../dom.ts";
import type { Word } from "../words/offline.ts";
import { inWords, lastDay, today } from "./days.ts";
import { alertBox, type Desk, type OpenedSheet } from "./desk.ts";

const MOST = 1 << 20; // bytes of a file that is looked at; an envelope has at most a quarter

const REFUSALS: Readonly<Record<KeySheetError["kind"], Word>> = {
  malformed: "sheetMalformed",
  signature: "sheetSignature",
  roster: "sheetRoster",
  expired: "sheetExpired",
};

/** The section; calls `changed` whenever the desk's sheet is another or gone. */
export function sheetStep(desk: Desk, changed: () => void): HTMLElement {
  const { teller } = desk;
  const wrong = alertBox(teller);
  const good = make("div", { role: "status" });
  const input = make("input", { type: "file", id: "sheet", autocomplete: "off", accept: ".json,application/json" });
  input.addEventListener("change", () => void open());
  return make(
    "section",
    {},
    make("h2", {}, teller.word("sheetTitle")),
    make("div", { class: "field" }, make("label", { for: "sheet" }, teller.word("sheetChoose")), input),
    wrong.element,
    good,
  );

  async function open(): Promise<void> {
    desk.sheet = undefined;
    good.replaceChildren();
    wrong.say();
    const file = input.files?.[0];
    if (file !== undefined) {
      try {
        desk.sheet = read(desk, new Uint8Array(await file.slice(0, MOST).arrayBuffer()));
        good.replaceChildren(...account(desk, desk.sheet));
      } catch (error) {
        wrong.say(wordFor(error), dayOf());
      }
    }
    changed();
  }
}

/** Opens a key sheet as of today. Throws KeySheetError, or RosterError when the roster itself has ended. */
function read(desk: Desk, envelope: Uint8Array): OpenedSheet {
  const roster = openRoster(desk.instance.roster, desk.instance.root, today());
  return { sheet: openSheet(envelope, roster, today()), envelope };
}

function wordFor(error: unknown): Word {
  if (error instanceof KeySheetError) return REFUSALS[error.kind];
  return error instanceof RosterError ? "rosterExpired" : "wrongRead";
}

function dayOf(): (language: "en" | "fr") => { today: string } {
  const day = today();
  return (language) => ({ today: inWords(language, day) });
}

function account({ teller, roster }: Desk, { sheet }: OpenedSheet): readonly Node[] {
  const last = lastDay(sheet.week);
  const now = today();
  const labels = roster.reviewers.map(({ label }) => make("li", { dir: "auto" }, label));
  const sealer =
    sheet.sealer === undefined
      ? [make("p", { class: "note" }, teller.word("sheetNoSealer"))]
      : [make("p", {}, teller.word("sheetSealer")), make("p", { class: "code" }, hex(sheet.sealer))];
  return [
    make(
      "p",
      {},
      make("strong", {}, teller.word("sheetGood", (to) => ({ last: inWords(to, last), today: inWords(to, now) }))),
    ),
    make("p", {}, teller.word("sheetSigned", { approvals: String(roster.approvals) })),
    make("ul", {}, ...labels),
    ...sealer,
  ];
}
