// The guideline beside the item: search, the rulings on the label under the cursor, and questions to the lead.

import { h } from "./dom.ts";
import { paintStrokes } from "./paint.ts";
import type { Translate } from "./strings.ts";

export class Guideline {
  readonly #aside: HTMLElement;
  readonly #t: Translate;
  readonly #search: HTMLInputElement;
  readonly #found = h("span", { class: "hint", role: "status" });
  readonly #relevant = h("section", { class: "relevant", hidden: true, "aria-live": "polite" });
  readonly #ask: HTMLFormElement;
  readonly #text: HTMLTextAreaElement;
  readonly #opener: HTMLButtonElement;
  readonly #failure = h("p", { class: "error", role: "status" });
  /** Questions that were begun and not sent, by the lease they are about. */
  readonly #unsent = new Map<string, string>();
  readonly #sending = new Set<string>();
  readonly #owner = {};
  #lease: string | null = null;
  #hits: Range[] = [];
  #at = 0;

  constructor(
    aside: HTMLElement,
    given: {
      t: Translate;
      searchKey: string;
      askKey: string;
      send: (lease: string, text: string) => Promise<boolean>;
      ended: (isSent: boolean) => void;
    },
  ) {
    const { t } = given;
    this.#aside = aside;
    this.#t = t;
    this.#search = h("input", {
      type: "search",
      placeholder: `${t("search")}  ${given.searchKey}`,
      "aria-label": t("search"),
      autocomplete: "off",
    });
    this.#search.addEventListener("input", () => this.#find());
    this.#search.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) {
        event.preventDefault();
        this.#show(this.#at + 1);
      }
    });
    this.#text = h("textarea", { rows: 3, "aria-label": t("ask_label"), placeholder: t("ask_label"), dir: "auto" });
    const send = h("button", { class: "button", type: "submit" }, t("ask_send"));
    const cancel = h("button", { class: "button quiet", type: "button", onclick: () => this.closeAsk() }, t("cancel"));
    this.#ask = h("form", { class: "ask", hidden: true }, this.#text, this.#failure, h("div", { class: "actions" }, send, cancel));
    this.#ask.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#send(given);
    });
    this.#ask.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
      event.preventDefault(); // else it would submit the answer
      this.#ask.requestSubmit();
    });
    const close = h("button", { class: "button quiet guideline-close", type: "button", onclick: () => this.close() }, t("close"));
    const head = h("div", { class: "guideline-head" }, close, this.#search, this.#found, this.#relevant);
    this.#opener = h(
      "button",
      { class: "button quiet", type: "button", hidden: true, onclick: () => this.openAsk() },
      t("ask"),
      h("kbd", { "aria-hidden": "true" }, given.askKey),
    );
    const foot = h("div", { class: "guideline-foot" }, this.#opener, this.#ask);
    const body = h("div", { class: "guideline-body prose", tabindex: "0", role: "region", "aria-label": t("guideline") });
    body.append(...aside.childNodes);
    aside.append(head, body, foot);
  }

  get isOpen(): boolean {
    return this.#aside.classList.contains("is-open");
  }

  /** On a narrow page the guideline lies over the item; elsewhere it folds away. */
  toggle(anchor: string | null): void {
    const isNarrow = matchMedia("(max-width: 900px)").matches;
    if (isNarrow) this.#aside.classList.toggle("is-open");
    else if (!anchor) this.#aside.classList.toggle("is-folded");
    if (anchor) this.go(anchor);
  }

  close(): void {
    this.#aside.classList.remove("is-open");
  }

  go(anchor: string): void {
    this.#aside.classList.remove("is-folded");
    const place = anchor.startsWith("#") ? this.#aside.querySelector<HTMLElement>(`[id="${CSS.escape(anchor.slice(1))}"]`) : null;
    place?.scrollIntoView({ block: "start" });
    place?.classList.add("is-target");
    setTimeout(() => place?.classList.remove("is-target"), 1500);
  }

  search(): void {
    this.#aside.classList.remove("is-folded");
    this.#aside.classList.add("is-open");
    this.#search.focus();
    this.#search.select();
  }

  openAsk(): void {
    if (this.#lease === null) return;
    this.#aside.classList.remove("is-folded");
    this.#aside.classList.add("is-open");
    this.#ask.hidden = false;
    this.#text.focus();
  }

  closeAsk(): void {
    this.#ask.hidden = true;
    this.#failure.textContent = "";
    this.#aside.classList.remove("is-open");
  }

  /** Copy the rulings on a label to the top while it is looked at. */
  point(value: string | null, name: string): void {
    const rulings =
      value === null
        ? []
        : [...this.#aside.querySelectorAll<HTMLElement>(".guideline-body [data-labels]")].filter((ruling) =>
            (ruling.dataset["labels"] ?? "").split(/[\s,]+/).includes(value),
          );
    if (value === null && this.#relevant.hidden) return;
    if (rulings.length === 0) return; // the last ones stay: a pane that jumps at each move of the mouse cannot be read
    this.#relevant.hidden = false;
    this.#relevant.replaceChildren(
      h("h3", {}, this.#t("rulings_for", { label: name })),
      h(
        "ul",
        {},
        ...rulings.slice(0, 4).map((ruling) => {
          const copy = h("li", {});
          copy.append(...ruling.cloneNode(true).childNodes);
          return copy;
        }),
      ),
    );
  }

  /** Another item, or none: nothing is pointed at yet, and a question that was begun waits with the item it is about. */
  turnTo(lease: string | null): void {
    this.#keepQuestion();
    this.#lease = lease;
    this.#text.value = (lease !== null && this.#unsent.get(lease)) || "";
    this.#failure.textContent = "";
    this.#relevant.hidden = true;
    this.#ask.hidden = true;
    this.#opener.hidden = lease === null;
  }

  #keepQuestion(): void {
    const text = this.#text.value.trim();
    if (this.#lease === null) return;
    if (text === "") this.#unsent.delete(this.#lease);
    else this.#unsent.set(this.#lease, this.#text.value);
  }

  #find(): void {
    const wanted = this.#search.value.trim().toLocaleLowerCase();
    this.#hits = wanted === "" ? [] : rangesOf(this.#aside.querySelector(".guideline-body"), wanted);
    paintStrokes(
      this.#owner,
      this.#hits.map((range, index) => ({ key: `${wanted}-${index}`, name: "found", range: () => range })),
    );
    this.#found.textContent =
      wanted === "" ? "" : this.#hits.length === 0 ? this.#t("found_none") : this.#t("found", { n: this.#hits.length });
    this.#show(0);
  }

  #show(at: number): void {
    this.#at = this.#hits.length === 0 ? 0 : at % this.#hits.length;
    this.#hits[this.#at]?.startContainer.parentElement?.scrollIntoView({ block: "center" });
  }

  async #send(given: { send: (lease: string, text: string) => Promise<boolean>; ended: (isSent: boolean) => void }): Promise<void> {
    const lease = this.#lease;
    const text = this.#text.value.trim();
    if (text === "" || lease === null || this.#sending.has(lease)) return;
    this.#sending.add(lease);
    const isSent = await given.send(lease, text);
    this.#sending.delete(lease);
    const isHere = this.#lease === lease;
    if (isSent) this.#unsent.delete(lease);
    if (isSent && isHere) {
      this.#text.value = "";
      this.closeAsk();
    }
    if (!isSent && isHere) this.#failure.textContent = this.#t("ask_failed");
    else given.ended(isSent);
  }
}

function rangesOf(root: Element | null, wanted: string): Range[] {
  if (!root) return [];
  const found: Range[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = (node.nodeValue ?? "").toLocaleLowerCase();
    if (text.length !== (node.nodeValue ?? "").length) continue; // a letter whose lower case is longer: offsets would lie
    for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + wanted.length)) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + wanted.length);
      found.push(range);
    }
  }
  return found;
}
