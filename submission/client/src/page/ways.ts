// The one choice of a page: which way something is sealed, or opened. The rest of the page follows it.
import { found, make } from "../dom.ts";
import { chosenWay } from "./guard.ts";

/** Shows the choice, and what belongs to the way that is chosen, now and whenever it changes. */
export function offerWays(scope: ParentNode): void {
  const fieldset = found(scope, "[data-ways]", HTMLFieldSetElement);
  fieldset.hidden = false;
  fieldset.addEventListener("change", follow);
  follow();
}

/** Shows what belongs to the chosen way and hides what belongs to others; "none" is a way, too. */
export function follow(): void {
  const way = chosenWay() ?? "none";
  for (const piece of document.querySelectorAll<HTMLElement>("[data-for]")) {
    piece.hidden = !(piece.dataset["for"] ?? "").split(" ").includes(way);
  }
}

/** Takes the way "device" off the choice and says why. Another one must then be chosen on purpose: none is. */
export function refuseDevice(reason: string, ...offers: readonly Node[]): void {
  const device = found(document, "input[name=way][value=device]", HTMLInputElement);
  [device.checked, device.disabled] = [false, true];
  tell(make("div", { class: "note urgent", role: "alert" }, make("p", {}, make("strong", {}, reason)), ...offers));
  follow();
}

/** Puts the way "device" back, and chooses it unless another one was chosen. */
export function allowDevice(): void {
  const device = found(document, "input[name=way][value=device]", HTMLInputElement);
  device.disabled = false;
  if (chosenWay() === undefined) device.checked = true;
  follow();
}

/** Lets the choice be as it is until the returned function is called. */
export function holdWays(): () => void {
  const fieldset = found(document, "[data-ways]", HTMLFieldSetElement);
  fieldset.disabled = true;
  return () => {
    fieldset.disabled = false;
  };
}

/** Puts something below the choice, where it is read out. */
export function tell(...content: readonly (Node | string)[]): void {
  found(document, "[data-ways] [data-state]", HTMLElement).replaceChildren(...content);
}

/** Moves to the choice. */
export function moveToWays(): void {
  const fieldset = found(document, "[data-ways]", HTMLFieldSetElement);
  fieldset.scrollIntoView({ block: "start" });
  const first = fieldset.querySelector<HTMLInputElement>("input:checked") ?? fieldset.querySelector<HTMLInputElement>("input:enabled");
  first?.focus({ preventScroll: true });
}
