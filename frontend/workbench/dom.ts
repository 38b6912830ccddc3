// Makes elements without a framework, and without an inline style.

type Child = Node | string | null | undefined | false;
type Value = string | number | boolean | null | undefined | EventListener;

/** An element with attributes (`on…` functions are listeners, false and null are left out) and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, Value>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  append(element, children);
  return element;
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) if (child !== null && child !== undefined && child !== false) element.append(child);
}

export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren();
  append(element, children);
}

/** Foreign text, kept from turning its surroundings. */
export function bdi(text: string, language?: string): HTMLElement {
  return h("bdi", { lang: language, dir: "auto" }, text);
}

export function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["radio", "checkbox", "range", "button", "submit", "file", "color"].includes(target.type);
}

/** True where Enter or the space bar presses the element itself. */
export function isPressable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("button, a[href], summary, [role='button']") !== null;
}

let count = 0;

export function uid(prefix: string): string {
  count += 1;
  return `${prefix}-${count}`;
}
