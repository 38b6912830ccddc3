// Every key with what it does, and the way to change it.

import { bdi, h } from "./dom.ts";
import type { Act, Command } from "./keys.ts";
import { commandKeys, commands, isSilent, keyCap } from "./keys.ts";
import type { Name, Translate } from "./strings.ts";
import type { Question } from "./types.ts";

export interface Given {
  readonly t: Translate;
  readonly own: () => Readonly<Record<string, string>>;
  readonly acts: () => readonly Act[];
  readonly prompt: (question: string) => string;
  readonly nameOf: (act: Act) => string;
  /** Of the questions. */
  readonly kinds: () => ReadonlySet<Question["kind"]>;
  readonly closed: () => void;
  readonly save: (keys: Readonly<Record<string, string>>) => Promise<boolean>;
}

/** Keys that nobody changes, with the kinds of questions where they do something. */
const fixed: readonly [string, Name, readonly Question["kind"][]][] = [
  ["← → ↑ ↓", "spans_caret", ["spans", "errors", "tokens"]],
  ["⌫", "span_remove", ["spans", "errors", "tokens"]],
  [", .", "span_next", ["spans", "errors"]],
];

/** Of a large schema the first labels are listed. */
const MOST = 60;

class Help {
  readonly #given: Given;
  readonly #note: HTMLElement;
  readonly #body = h("div", { class: "keys-body" });
  readonly #dialog: HTMLDialogElement;
  /** The act that waits for its new key. */
  #listening: string | null = null;

  constructor(given: Given) {
    const { t } = given;
    this.#given = given;
    this.#note = h("p", { class: "hint", role: "status" }, t("keys_hint"));
    this.#dialog = h(
      "dialog",
      { class: "keys", "aria-label": t("keys_title") },
      h(
        "div",
        { class: "row keys-head" },
        h("h2", {}, t("keys_title")),
        h("button", { type: "button", class: "button quiet", onclick: () => void this.#change({}) }, t("keys_reset")),
        h("button", { type: "button", class: "button", autofocus: true, onclick: () => this.#dialog.close() }, t("close")),
      ),
      this.#note,
      this.#body,
    );
    this.#dialog.addEventListener("keydown", (event) => this.#key(event));
    this.#dialog.addEventListener("close", () => {
      this.#dialog.remove();
      given.closed();
    });
  }

  open(): void {
    document.body.append(this.#dialog);
    this.#draw();
    this.#dialog.showModal();
  }

  async #change(keys: Readonly<Record<string, string>>): Promise<void> {
    const isSaved = await this.#given.save(keys);
    this.#note.textContent = this.#given.t(isSaved ? "keys_saved" : "keys_unsaved");
    this.#draw();
  }

  #row(id: string, name: string, key: string): HTMLElement {
    const { t } = this.#given;
    const button = h(
      "button",
      { type: "button", class: "key-button", "aria-label": `${name}: ${key || "–"}. ${t("keys_change")}`, onclick: () => this.#listen(id) },
      h("kbd", {}, keyCap(key, t("key_space")) || "–"),
    );
    const also = id === "panic" ? h("kbd", {}, "Pause") : null; // works in a text field too, where a letter types itself
    return h("li", { "data-id": id }, h("span", { dir: "auto" }, name), h("span", { class: "row" }, also, button));
  }

  #listen(id: string): void {
    this.#draw();
    this.#listening = id;
    const button = this.#body.querySelector<HTMLButtonElement>(`[data-id="${CSS.escape(id)}"] button`);
    button?.replaceChildren(this.#given.t("keys_press"));
    button?.focus();
  }

  #draw(): void {
    const { t, acts, prompt, nameOf, own, kinds } = this.#given;
    const inText = fixed.filter(([, , where]) => where.some((kind) => kinds().has(kind)));
    this.#listening = null;
    const keys = commandKeys(own());
    const section = (title: string, rows: readonly HTMLElement[]): HTMLElement =>
      h("section", {}, h("h3", {}, bdi(title)), h("ul", {}, ...rows));
    this.#body.replaceChildren(
      section(
        t("keys_commands"),
        (Object.keys(commands) as Command[]).map((command) => this.#row(command, t(command), keys[command])),
      ),
      ...[...Map.groupBy(acts(), (act) => act.question)].map(([question, some]) =>
        section(
          prompt(question),
          some.slice(0, MOST).map((act) => this.#row(act.id, nameOf(act), act.key)),
        ),
      ),
      ...(inText.length === 0
        ? []
        : [
            section(
              t("keys_text"),
              inText.map(([cap, name]) => h("li", {}, h("span", {}, t(name)), h("kbd", { class: "nowrap" }, cap))),
            ),
          ]),
    );
  }

  #key(event: KeyboardEvent): void {
    event.stopPropagation();
    const id = this.#listening;
    if (id === null) {
      if (event.key === "?" && !isSilent(event)) this.#dialog.close();
      return;
    }
    if (event.key === "Tab" || event.key === "Shift" || isSilent(event)) return;
    event.preventDefault();
    if (event.key === "Escape") return this.#draw();
    const key = [...event.key].length === 1 ? event.key.normalize("NFKC") : event.key;
    const holder = this.#holderOf(key, id);
    if (holder === null) return void this.#change({ ...this.#given.own(), [id]: key });
    this.#note.textContent = this.#given.t("keys_taken", { key, name: holder });
    this.#draw();
  }

  /** Who has the key already; a command may take an answer's key, for the answer gets another. */
  #holderOf(key: string, id: string): string | null {
    const { own, t, acts, nameOf } = this.#given;
    const command = (Object.entries(commandKeys(own())) as [Command, string][]).find(([name, held]) => held === key && name !== id);
    if (command) return t(command[0]);
    const act = id in commands ? undefined : acts().find((each) => each.key === key && each.id !== id);
    return act ? nameOf(act) : null;
  }
}

/** A modal list of keys; choosing one and pressing another remaps it. */
export function openHelp(given: Given): void {
  new Help(given).open();
}
