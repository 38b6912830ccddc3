// Every key with what it does, and the way to change it.

import { h } from "./dom.ts";
import type { Act, Command } from "./keys.ts";
import { commandKeys, commands, isSilent, keyCap } from "./keys.ts";
import type { Name, Translate } from "./strings.ts";

export interface Given {
  readonly t: Translate;
  readonly own: () => Readonly<Record<string, string>>;
  readonly acts: () => readonly Act[];
  readonly prompt: (question: string) => string;
  readonly nameOf: (act: Act) => string;
  readonly closed: () => void;
  readonly save: (keys: Readonly<Record<string, string>>) => Promise<boolean>;
}

const fixed: readonly [string, Name][] = [["← → ↑ ↓", "spans_caret"], ["⌫", "span_remove"], [", .", "span_next"]];

/** A modal list of keys; choosing one and pressing another remaps it. */
export function openHelp(given: Given): void {
  const { t } = given;
  const note = h("p", { class: "hint", role: "status" }, t("keys_hint"));
  const body = h("div", { class: "keys-body" });
  const dialog = h("dialog", { class: "keys", "aria-label": t("keys_title") },
    h("div", { class: "row keys-head" }, h("h2", {}, t("keys_title")), h("button", { type: "button", class: "button quiet", onclick: () => void change({}) }, t("keys_reset")),
      h("button", { type: "button", class: "button", autofocus: true, onclick: () => dialog.close() }, t("close"))), note, body);
  let listening: { readonly id: string; readonly button: HTMLButtonElement } | null = null;

  async function change(keys: Readonly<Record<string, string>>): Promise<void> {
    const isSaved = await given.save(keys);
    note.textContent = t(isSaved ? "keys_saved" : "keys_unsaved");
    draw();
  }

  function row(id: string, name: string, key: string): HTMLElement {
    const button = h("button", { type: "button", class: "key-button", "aria-label": `${name}: ${key || "–"}. ${t("keys_change")}`, onclick: () => listen(id, button) }, h("kbd", {}, keyCap(key, t("key_space")) || "–"));
    return h("li", {}, h("span", { dir: "auto" }, name), button);
  }

  function listen(id: string, button: HTMLButtonElement): void {
    draw.call(null);
    const again = body.querySelector<HTMLButtonElement>(`[data-id="${CSS.escape(id)}"] button`) ?? button;
    again.replaceChildren(t("keys_press"));
    again.focus();
    listening = { id, button: again };
  }

  function draw(): void {
    listening = null;
    const keys = commandKeys(given.own());
    const groups = Map.groupBy(given.acts(), (act) => act.question);
    const section = (title: string, rows: readonly HTMLElement[]): HTMLElement => h("section", {}, h("h3", { dir: "auto" }, title), h("ul", {}, ...rows));
    const withId = (id: string, element: HTMLElement): HTMLElement => { element.dataset["id"] = id; return element; };
    body.replaceChildren(
      section(t("keys_commands"), (Object.keys(commands) as Command[]).map((command) => withId(command, row(command, t(command), keys[command])))),
      ...[...groups].map(([question, acts]) => section(given.prompt(question), acts.slice(0, 60).map((act) => withId(act.id, row(act.id, given.nameOf(act), act.key))))),
      section(t("keys_text"), fixed.map(([cap, name]) => h("li", {}, h("span", {}, t(name)), h("kbd", { class: "nowrap" }, cap)))),
    );
  }

  dialog.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (!listening) {
      if (event.key === "?" && !isSilent(event)) dialog.close();
      return;
    }
    if (event.key === "Tab" || event.key === "Shift" || isSilent(event)) return;
    event.preventDefault();
    const { id } = listening;
    if (event.key === "Escape") return draw();
    const key = [...event.key].length === 1 ? event.key.normalize("NFKC") : event.key;
    const holder = holderOf(key, id);
    if (holder !== null) {
      note.textContent = t("keys_taken", { key, name: holder });
      return draw();
    }
    void change({ ...given.own(), [id]: key });
  });

  function holderOf(key: string, id: string): string | null {
    const command = (Object.entries(commandKeys(given.own())) as [Command, string][]).find(([name, own]) => own === key && name !== id);
    if (command) return t(command[0]);
    if (!(id in commands)) {
      const act = given.acts().find((each) => each.key === key && each.id !== id);
      if (act) return given.nameOf(act);
    }
    return null; // a command may take an answer's key: the answer gets another
  }

  dialog.addEventListener("close", () => { dialog.remove(); given.closed(); });
  document.body.append(dialog);
  draw();
  dialog.showModal();
}
