// The label schema page: line numbers, errors beside the text as it is typed, and the preview.

import { h } from "../workbench/dom.ts";
import type { Schema } from "../workbench/types.ts";
import { Preview } from "./preview.ts";
import type { PreviewConfig } from "./preview.ts";

interface Trouble {
  readonly line?: number;
  readonly column?: number;
  readonly path?: string;
  readonly message: string;
}

type Checked = { readonly ok: true; readonly document: Schema } | { readonly ok: false; readonly problems: readonly Trouble[] };

interface Config extends PreviewConfig {
  readonly checked: Checked;
  readonly present: Schema;
  readonly check: string;
}

/** How long nothing is typed before the text is read. */
const STILL = 250;

class Editor {
  readonly #field: HTMLTextAreaElement;
  readonly #lines: HTMLElement;
  readonly #list: HTMLElement;
  readonly #preview: Preview;
  readonly #config: Config;
  #asked = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #count = 0;
  #marked = new Set<number>();

  constructor(given: { field: HTMLTextAreaElement; lines: HTMLElement; list: HTMLElement; preview: Preview; config: Config }) {
    this.#field = given.field;
    this.#lines = given.lines;
    this.#list = given.list;
    this.#preview = given.preview;
    this.#config = given.config;
    this.#field.addEventListener("input", () => this.#typed());
    this.#field.addEventListener("keydown", (event) => this.#indent(event));
    this.#field.addEventListener("scroll", () => this.#follow(), { passive: true });
    this.#number();
  }

  start(): void {
    this.#preview.show(this.#config.present);
    this.#tell(this.#config.checked, true);
  }

  #typed(): void {
    this.#number();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#check(), STILL);
  }

  async #check(): Promise<void> {
    this.#asked.abort();
    this.#asked = new AbortController();
    const csrf = document.querySelector<HTMLMetaElement>("meta[name='csrf-token']")?.content ?? "";
    try {
      const answer = await fetch(this.#config.check, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
        body: JSON.stringify({ source: this.#field.value }),
        signal: this.#asked.signal,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      this.#tell((await answer.json()) as Checked, false);
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      this.#list.replaceChildren(h("p", { class: "hint" }, this.#list.dataset["away"]));
    }
  }

  #tell(checked: Checked, isFirst: boolean): void {
    if (checked.ok) {
      this.#mark(new Set());
      this.#list.replaceChildren(h("p", { class: "schema-good" }, this.#list.dataset["good"]));
      this.#preview.show(checked.document);
      return;
    }
    this.#mark(new Set(checked.problems.map((each) => each.line ?? 0)));
    if (!isFirst || this.#list.childElementCount === 0)
      this.#list.replaceChildren(h("ul", {}, ...checked.problems.map((each) => h("li", { class: "error" }, this.#row(each)))));
    this.#preview.stale();
  }

  #row(trouble: Trouble): HTMLElement {
    const { line, path, message } = trouble;
    const where = line === undefined ? "" : (this.#list.dataset["line"] ?? "{line}").replace("{line}", String(line));
    return h(
      "button",
      { type: "button", class: "trouble", onclick: () => this.#go(trouble) },
      where === "" ? null : h("b", {}, where),
      path ? h("code", { dir: "ltr" }, path) : null,
      h("span", { dir: "auto" }, message),
    );
  }

  /** Put the caret where the trouble is. */
  #go({ line = 1, column = 1 }: Trouble): void {
    const before = this.#field.value.split("\n").slice(0, line - 1);
    const at = before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
    this.#field.focus();
    this.#field.setSelectionRange(at, at);
    this.#field.scrollTop = Math.max(0, (line - 4) * (parseFloat(getComputedStyle(this.#field).lineHeight) || 18));
  }

  #mark(lines: ReadonlySet<number>): void {
    for (const line of this.#marked) this.#lines.children[line - 1]?.classList.remove("is-wrong");
    for (const line of lines) this.#lines.children[line - 1]?.classList.add("is-wrong");
    this.#marked = new Set(lines);
  }

  #number(): void {
    const wanted = this.#field.value.split("\n").length;
    while (this.#count > wanted) {
      this.#lines.lastElementChild?.remove();
      this.#count -= 1;
    }
    if (this.#count < wanted) {
      const more = Array.from({ length: wanted - this.#count }, (_, step) => h("span", {}, String(this.#count + step + 1)));
      this.#lines.append(...more);
      this.#count = wanted;
    }
    this.#follow();
  }

  #follow(): void {
    this.#lines.scrollTop = this.#field.scrollTop;
  }

  /** A new line begins where the one before does; the Tab key still leaves the field. */
  #indent(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const before = this.#field.value.slice(0, this.#field.selectionStart);
    const line = before.slice(before.lastIndexOf("\n") + 1);
    const indent = /^\s*(?:- )?/.exec(line)?.[0].replace("-", " ") ?? "";
    if (indent === "") return;
    event.preventDefault();
    document.execCommand("insertText", false, `\n${indent}`); // the one way that keeps the browser's undo
  }
}

function start(): void {
  const source = document.getElementById("schema-config");
  const place = document.getElementById("schema-preview");
  const field = document.querySelector<HTMLTextAreaElement>("#id_schema_source");
  const lines = document.querySelector<HTMLElement>(".code-lines");
  const list = document.getElementById("schema-problems");
  if (!source || !place || !field || !lines || !list) return;
  const config = JSON.parse(source.textContent ?? "{}") as Config;
  const preview = new Preview(place, config);
  new Editor({ field, lines, list, preview, config }).start();
  const next = document.querySelector<HTMLElement>("[data-next-example]");
  if (next && config.examples.length > 1) {
    next.hidden = false;
    next.addEventListener("click", () => preview.next());
  }
  const look = document.querySelector<HTMLButtonElement>("button[value='look']");
  for (const select of document.querySelectorAll("select[data-autolook]"))
    select.addEventListener("change", () => look?.form?.requestSubmit(look));
  document.getElementById("effect")?.scrollIntoView({ block: "start" });
  keepFrom(field);
}

/** Leaving with text that no version holds asks first; sending the form does not. */
function keepFrom(field: HTMLTextAreaElement): void {
  let isSent = false;
  field.form?.addEventListener("submit", () => (isSent = true));
  addEventListener("beforeunload", (event) => {
    if (!isSent && ("unsaved" in field.dataset || field.value !== field.defaultValue)) event.preventDefault();
  });
}

start();
