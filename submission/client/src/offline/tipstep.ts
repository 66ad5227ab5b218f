// A new tip: a codename made here, its keys while the person writes, the form, the letter.
import { newCodename, showCodename, type CodenameKeys } from "../core/codename.ts";
import { make } from "../dom.ts";
import { alertBox, type Desk } from "./desk.ts";
import { letterForm } from "./form.ts";
import { codenameBox, sealForm } from "./sealstep.ts";

/** The section for a new tip. The codename is drawn when it is made, and its keys are begun at once. */
export function tipStep(desk: Desk): HTMLElement {
  const { teller, instance, roster } = desk;
  const codename = newCodename();
  const wrong = alertBox(teller);
  const place = make("div", {});
  const { element: making, keys } = keysInTheMaking(desk, codename, roster.instance);
  const form = letterForm(desk, true, [wrong.element], () => void send());
  const section = make(
    "section",
    { id: "tip" },
    make("h2", {}, teller.word("tipTitle")),
    make("p", { class: "lead" }, teller.word("tipLead")),
    codenameBox(desk, showCodename(codename, instance.list)),
    making,
    form.element,
    place,
  );
  return section;

  async function send(): Promise<void> {
    const writer = async () => ({ codename, keys: await keys, number: 1 });
    await sealForm(desk, { section, form, place, wrong }, writer);
  }
}

/** Derives keys in the other thread, and says so meanwhile. */
export function keysInTheMaking(
  desk: Desk,
  codename: readonly number[],
  instance: Uint8Array,
): { readonly element: HTMLElement; readonly keys: Promise<CodenameKeys> } {
  const { teller } = desk;
  const bar = make("progress", { max: "1", value: "0" });
  const element = make("div", { role: "status" }, make("p", { class: "soft" }, teller.word("keysMaking")), bar);
  const keys = desk.jobs({ kind: "derive", codename, instance }, { progress: (done) => (bar.value = done) });
  keys.then(
    () => element.replaceChildren(make("p", { class: "soft" }, teller.word("keysMade"))),
    () => element.replaceChildren(make("p", {}, make("strong", {}, teller.word("wrongBroken")))),
  );
  return { element, keys };
}
