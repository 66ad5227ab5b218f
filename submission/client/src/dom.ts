// The little that is needed to put elements into a page. Text goes in as text; nothing here reads HTML.

type Child = Node | string;
type Attributes = Readonly<Record<string, string | boolean>>;

/** Makes an element. An attribute that is false is left out; one that is true is set without a value. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

/** Does something when a button is pressed. */
export function pressed(button: HTMLElement, what: () => void): void {
  button.addEventListener("click", what);
}

/** A button that does something and submits nothing. */
export function button(text: string, act: () => void, quiet = false): HTMLButtonElement {
  const made = make("button", { type: "button", class: quiet ? "quiet" : "" }, text);
  pressed(made, act);
  return made;
}

/** The element that a page of ours must have; throws RangeError without it. */
export function found<Kind extends Element>(scope: ParentNode, selector: string, kind: new () => Kind): Kind {
  const element = scope.querySelector(selector);
  if (!(element instanceof kind)) throw new RangeError(`the page has no ${selector}`);
  return element;
}

/** A copy of what a template holds, with {name} filled in wherever it stands in text. */
export function copyOf(id: string, values: Readonly<Record<string, string>> = {}): DocumentFragment {
  const copy = document.importNode(found(document, `template#${id}`, HTMLTemplateElement).content, true);
  const texts = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
  while (texts.nextNode() !== null) {
    const node = texts.currentNode;
    node.nodeValue = (node.nodeValue ?? "").replace(/\{([a-z]+)\}/g, (place, name: string) => values[name] ?? place);
  }
  return copy;
}

/** Keeps those pieces of a copy whose condition is one of these, and takes the others out. */
export function keep(copy: DocumentFragment, conditions: readonly string[]): void {
  for (const piece of copy.querySelectorAll("[data-if]")) {
    if (!conditions.includes(piece.getAttribute("data-if") ?? "")) piece.remove();
  }
}

/** Shows an element to everybody: on the screen, and to who hears the page, by moving there. */
export function moveTo(element: HTMLElement): void {
  if (!element.hasAttribute("tabindex") && element.tabIndex < 0) element.tabIndex = -1;
  element.scrollIntoView({ block: "start" });
  element.focus({ preventScroll: true });
}

/** Puts an element in the place of everything in the main part of the page, and moves there. */
export function showInstead(content: DocumentFragment): void {
  const main = found(document, "main", HTMLElement);
  main.replaceChildren(content);
  const title = found(main, "h1", HTMLHeadingElement);
  document.title = `${title.textContent} · Lapwing`;
  window.scrollTo(0, 0);
  title.focus({ preventScroll: true });
}

/** Shows a section and takes the reader to its heading. */
export function show(section: HTMLElement): void {
  section.hidden = false;
  const heading = section.querySelector<HTMLElement>("h2");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus();
}
