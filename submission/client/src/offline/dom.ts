// Elements, made without any markup from text: whatever a file or a reply says, it is shown as text.

export type Attributes = Readonly<Record<string, string | boolean>>;

/** Makes an element. A true attribute stands without a value, a false one is left out. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** Calls `what` when a button is pressed. */
export function pressed(button: HTMLElement, what: () => void): void {
  button.addEventListener("click", what);
}

/** Shows a section and takes the reader to its heading. */
export function show(section: HTMLElement): void {
  section.hidden = false;
  const heading = section.querySelector<HTMLElement>("h2");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus();
}
