// How a person reads: the theme and the size of the text that is judged; kept with the account, so that they hold on every machine.

const themes = ["auto", "light", "dark"] as const;
type Theme = (typeof themes)[number];
const [SMALLEST, LARGEST] = [14, 28];

const root = document.documentElement;
let theme: Theme = themes.find((each) => each === root.dataset["theme"]) ?? "auto";

function draw(): void {
  if (theme === "auto") delete root.dataset["theme"];
  else root.dataset["theme"] = theme;
  for (const button of document.querySelectorAll<HTMLElement>("[data-theme-switch]")) {
    button.dataset["theme"] = theme;
    button.setAttribute("aria-label", button.dataset[`name${theme[0]?.toUpperCase()}${theme.slice(1)}`] ?? theme);
    button.textContent = { auto: "◐", light: "○", dark: "●" }[theme];
  }
}

/** Tell the account; when that fails the choice holds on this page. */
function keep(choice: Readonly<Record<string, string>>): void {
  const csrf = document.querySelector<HTMLMetaElement>("meta[name='csrf-token']")?.content ?? "";
  void fetch("/account/reading", { method: "POST", headers: { "X-CSRFToken": csrf }, body: new URLSearchParams(choice) }).catch(() => {});
}

let waiting: ReturnType<typeof setTimeout> | undefined;

function sizeNow(): number {
  return Math.round(parseFloat(getComputedStyle(root).getPropertyValue("--text-size"))) || 18;
}

function resize(size: number, isKept: boolean): void {
  const fitting = Math.min(LARGEST, Math.max(SMALLEST, size));
  root.style.setProperty("--text-size", `${fitting}px`);
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-text-size]"))
    button.disabled = fitting === (button.dataset["textSize"] === "-1" ? SMALLEST : LARGEST);
  if (!isKept) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => keep({ text_size: String(fitting) }), 600);
}

/** `<button data-theme-switch>` cycles the theme; `<button data-text-size="1">` makes the text that is judged larger. */
export function readingControls(): void {
  draw();
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-theme-switch], [data-text-size]") : null;
    if (!button) return;
    if (event.detail > 0) button.blur(); // Enter goes on meaning the page's own act
    if ("textSize" in button.dataset) return resize(sizeNow() + Number(button.dataset["textSize"]), true);
    theme = themes[(themes.indexOf(theme) + 1) % themes.length] ?? "auto";
    draw();
    keep({ theme });
  });
  // On the account page the size is seen before it is saved.
  const field = document.querySelector<HTMLInputElement>("input[data-text-size-field]");
  if (!field) return;
  resize(Number(field.value), false);
  field.addEventListener("input", () => resize(Number(field.value), false));
}
