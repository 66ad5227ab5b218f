// The other way, knowingly chosen: the form goes as it would without a script, with the files that were chosen.
import { hex } from "../core/encoding.ts";
import { found, make } from "../dom.ts";
import type { Enclosure } from "../enclosures/sealing.ts";
import type { Letterhead } from "./letter.ts";
import type { Surface } from "./surface.ts";

/** Puts into a form what it needs to go as a plain one. All of it stands before the files, as the intake wants it. */
export function completeForm(form: HTMLFormElement, codename: string, head: Letterhead, notTo: readonly string[] | undefined): void {
  for (const old of form.querySelectorAll("input[type=hidden]")) old.remove();
  const fields: [string, string][] = [["codename", codename], ["tip", hex(head.tip)]];
  if (head.number > 1) fields.push(["number", String(head.number)]);
  for (const id of notTo ?? []) fields.push(["not_to", id]);
  form.prepend(...fields.map(([name, value]) => make("input", { type: "hidden", name, value })));
}

/** Sends a form to be sealed on arrival; the browser goes to the page that answers it. */
export async function submitPlainly(
  { workshop }: Surface,
  form: HTMLFormElement,
  codename: string,
  head: Letterhead,
  notTo: readonly string[] | undefined,
  files: readonly Enclosure[],
): Promise<void> {
  const chosen = new DataTransfer();
  for (const item of files) {
    const content = item.clean ? await workshop.ask("clean", { file: item.file as File }) : item.file;
    chosen.items.add(new File([content], item.name, { type: item.type }));
  }
  found(form, "input[type=file]", HTMLInputElement).files = chosen.files;
  completeForm(form, codename, head, notTo);
  form.submit();
}
