// The page after a letter has arrived: how it was sealed, by whom it can be opened, the codename, and what comes next.
import { copyOf, found, keep, make, showInstead } from "../dom.ts";
import type { Conversation } from "./conversation.ts";
import { takeLetters, type Sent } from "./form.ts";
import type { Surface } from "./surface.ts";
import { offerWays } from "./ways.ts";

/** Shows it, with the form for the next letter. */
export function showSent(surface: Surface, conversation: Conversation, sent: Sent): void {
  const { draft, head, organisation, claim } = sent;
  conversation.claimed ||= claim !== undefined;
  const files = draft.files.length;
  const page = copyOf("sent-on-device", { codename: conversation.codename ?? "", files: String(files), claim: claim?.words ?? "" });
  keep(page, [
    head.number === 1 ? "first" : "further",
    claim === undefined ? "no claim" : "claim",
    files === 0 ? "words" : files === 1 ? "one file" : "files",
    ...(draft.fields["in_danger_now"] === "yes" ? ["danger"] : []),
  ]);
  const readers = organisation.readers.filter(({ id }) => !draft.notTo.includes(id));
  found(page, "[data-readers]", HTMLElement).append(...readers.map(({ label }) => make("li", { dir: "auto" }, label)));
  if (conversation.codename === undefined) page.querySelector(".codename")?.remove();
  if (conversation.claimed) page.querySelector("[data-claim]")?.remove();
  const form = formIn(page);
  showInstead(page);
  offerWays(document);
  takeLetters(surface, form, conversation, head.number + 1, draft.notTo, (next) => showSent(surface, conversation, next));
}

/** Makes the form of a copied template, which has only what stands in it. */
export function formIn(page: DocumentFragment): HTMLFormElement {
  const place = found(page, "[data-form]", HTMLElement);
  const form = make("form", {
    method: "post",
    action: place.dataset["form"] ?? "",
    enctype: "multipart/form-data",
    "accept-charset": "utf-8",
    autocomplete: "off",
    "data-sealed": "follow-up",
    "data-for": "device arrival none",
  });
  form.append(...place.childNodes);
  place.replaceWith(form);
  return form;
}
