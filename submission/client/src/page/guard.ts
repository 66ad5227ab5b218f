// Nothing that is to be sealed leaves as a plain form unless that was chosen. This is set up before anything else, before
// the forms are even there, so that it holds whatever breaks after it.

export type Way = "device" | "before" | "arrival";

const restorers: (() => void)[] = [];
const handlers = new WeakMap<HTMLFormElement, () => void>();
let working = true;

/** The way that is chosen on the page now. */
export function chosenWay(): Way | undefined {
  const value = document.querySelector<HTMLInputElement>("input[name=way]:checked")?.value;
  return value === "device" || value === "before" || value === "arrival" ? value : undefined;
}

/** Lets `handler` do what a form does when it is submitted, whichever way is chosen. */
export function handle(form: HTMLFormElement, handler: () => void): void {
  handlers.set(form, handler);
}

/** Has something put back, when the script gives up, that a form needs to go as a plain one. */
export function restoreLater(restore: () => void): void {
  restorers.push(restore);
}

/** Holds back every form that has something to seal. */
export function standGuard(): void {
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || !form.hasAttribute("data-sealed")) return;
      const handler = handlers.get(form);
      if (!working && chosenWay() === "arrival") return;
      event.preventDefault();
      if (working) handler?.();
    },
    true,
  );
  window.addEventListener("error", giveUp);
  window.addEventListener("unhandledrejection", giveUp);
}

/** Says that the script does not work here. What remains to be chosen are the other ways. */
export function giveUp(): void {
  if (!working) return;
  working = false;
  for (const restore of restorers) restore();
  const say = (): void => {
    for (const fieldset of document.querySelectorAll<HTMLElement>("[data-ways]")) fieldset.hidden = false;
    const device = document.querySelector<HTMLInputElement>("input[name=way][value=device]");
    if (device !== null) [device.checked, device.disabled] = [false, true];
    for (const word of document.querySelectorAll<HTMLElement>("[data-broken]")) word.hidden = false;
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", say);
  else say();
}
