// What comes between the reader and the item for a moment: skipping, waiting, another tab, the blank screen, earlier answers.

import { bdi, h } from "./dom.ts";
import type { Counts } from "./outbox.ts";
import type { Entry } from "./store.ts";
import { refusalOf } from "./refusals.ts";
import type { Name, Translate } from "./strings.ts";
import type { Answered, Config, Nothing, Schema } from "./types.ts";

export const skipReasons = ["not_my_language", "unclear", "broken", "too_harmful", "other"] as const satisfies readonly Name[];
export type SkipReason = (typeof skipReasons)[number];

/** A small form above the foot; digits choose a reason, "other" takes a note. */
export function skipPanel(t: Translate, given: { skip: (reason: SkipReason, note: string) => void; cancel: () => void }): HTMLElement {
  const note = h("input", { type: "text", "aria-label": t("note"), placeholder: t("note"), dir: "auto", hidden: true });
  const choose = (reason: SkipReason): void => {
    if (reason !== "other") return given.skip(reason, "");
    note.hidden = false;
    note.focus();
  };
  note.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault(); // with Ctrl it would submit the next item
    given.skip("other", note.value.trim());
  });
  const buttons = skipReasons.map((reason, index) =>
    h(
      "button",
      { type: "button", class: "button", onclick: () => choose(reason) },
      h("kbd", { "aria-hidden": "true" }, String(index + 1)),
      t(reason),
    ),
  );
  const panel = h(
    "div",
    { class: "panel skip-panel", role: "dialog", "aria-label": t("skip_reason") },
    h("p", {}, t("skip_reason")),
    h("div", { class: "actions" }, ...buttons, h("button", { type: "button", class: "button quiet", onclick: given.cancel }, t("cancel"))),
    note,
  );
  panel.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const digit = Number(event.key.normalize("NFKC")) || Number(/^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1]);
    const reason = skipReasons[digit - 1];
    if (event.key === "Escape") given.cancel();
    else if (reason && event.target !== note) choose(reason);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return panel;
}

export function waitingPanel(t: Translate): HTMLElement {
  return h("div", { class: "pause", role: "status" }, h("p", { class: "lead" }, t("loading")));
}

export function nothingPanel(t: Translate, language: string, nothing: Nothing | null, again: () => void): HTMLElement {
  const until = nothing?.until
    ? new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" }).format(new Date(nothing.until))
    : null;
  return h(
    "div",
    { class: "pause", role: "status" },
    h("h2", {}, nothing?.message || t("nothing")),
    until ? h("p", { class: "lead" }, t("until", { time: until })) : null,
    h("button", { type: "button", class: "button primary", onclick: again }, t("try_again")),
  );
}

export function awayPanel(t: Translate, loggedOut: string | null, again: () => void): HTMLElement {
  return h(
    "div",
    { class: "pause", role: "status" },
    h("h2", {}, t("nothing")),
    h("p", { class: "lead" }, loggedOut || t(loggedOut === null ? "offline" : "session_over")),
    h("button", { type: "button", class: "button primary", onclick: again }, t("try_again")),
  );
}

export function otherTabPanel(t: Translate, take: () => void): HTMLElement {
  return h(
    "div",
    { class: "pause", role: "status" },
    h("h2", {}, t("other_tab")),
    h("p", { class: "lead" }, t("other_tab_detail")),
    h("button", { type: "button", class: "button primary", onclick: take }, t("use_this_tab")),
  );
}

/** The whole page blank, the clock stopped, and somebody to talk to. */
export function blankScreen(t: Translate, contacts: Config["contacts"], resume: () => void): HTMLDialogElement {
  const button = h("button", { type: "button", class: "button", onclick: resume }, t("panic_resume"));
  return h(
    "dialog",
    { class: "blank", "aria-label": t("panic_title") },
    h(
      "div",
      { class: "blank-words" },
      h("p", {}, t("panic_detail")),
      contacts?.length ? h("p", { class: "muted" }, t("panic_contacts")) : null,
      contacts?.length
        ? h("ul", { class: "contacts" }, ...contacts.map((contact) => h("li", {}, h("b", {}, contact.name), " ", bdi(contact.detail))))
        : null,
      button,
    ),
  );
}

/** The last answers, newest first, to open and correct. */
export function recentPanel(
  t: Translate,
  given: {
    answered: readonly Answered[];
    schema: (id: number) => Schema | undefined;
    language: string;
    open: (index: number) => void;
    close: () => void;
  },
): HTMLElement {
  const time = new Intl.DateTimeFormat(given.language, { hour: "numeric", minute: "2-digit" });
  const rows = given.answered.map((each, index) =>
    h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: "recent-row", onclick: () => given.open(index) },
        h("time", { class: "muted" }, time.format(new Date(each.at))),
        each.severity >= 2
          ? h("span", { class: "muted" }, t("veiled"))
          : h("bdi", { class: "recent-text", lang: each.language, dir: "auto" }, excerpt(each, given.schema(each.schema))),
        h("span", { class: "recent-answer" }, summary(each)),
      ),
    ),
  );
  return h(
    "div",
    { class: "panel recent-panel", role: "dialog", "aria-label": t("recent_title") },
    h(
      "div",
      { class: "row" },
      h("h2", {}, t("recent_title")),
      h("button", { type: "button", class: "button quiet", onclick: given.close }, t("close")),
    ),
    rows.length > 0 ? h("ol", { class: "recent" }, ...rows) : h("p", { class: "muted" }, t("recent_none")),
  );
}

function excerpt(answered: Answered, schema: Schema | undefined): string {
  const field = schema?.displays.find((display) => "field" in display);
  const text = field && "field" in field ? answered.content[field.field] : Object.values(answered.content)[0];
  return [...String(typeof text === "string" ? text : JSON.stringify(text ?? ""))].slice(0, 80).join("");
}

function summary(answered: Answered): string {
  return Object.values(answered.answers)
    .map((answer) => {
      if (typeof answer === "string" || typeof answer === "number") return String(answer);
      if (Array.isArray(answer)) return answer.every((each) => typeof each === "string") ? answer.join(", ") : `${answer.length}`;
      return Object.values(answer)
        .filter((each) => typeof each !== "object")
        .join(" ");
    })
    .join(" · ")
    .slice(0, 60);
}

/** What must not be overlooked: undelivered and refused answers, and that an earlier one is being corrected. */
export function banners(
  t: Translate,
  given: {
    counts: Counts;
    isCorrecting: boolean;
    isKept: boolean;
    schema: (id: number | undefined) => Schema | undefined;
    reopen: (entry: Entry) => void;
    discard: (entry: Entry) => void;
    back: () => void;
  },
): (HTMLElement | false)[] {
  const { waiting, refused, state, barred } = given.counts;
  return [
    !given.isKept && h("p", { class: "notice warn", role: "status" }, t("not_kept")),
    state === "away" && waiting > 0 && h("p", { class: "notice warn", role: "status" }, `${t("pending", { n: waiting })}. ${t("offline")}`),
    state === "logged-out" && h("p", { class: "notice bad", role: "alert" }, barred === "" ? t("session_over") : t("barred", { message: barred })),
    ...refused.map((entry) =>
      h(
        "div",
        { class: "notice bad", role: "alert" },
        ...refusalOf(entry, given.schema(entry.schema), t),
        h(
          "div",
          { class: "actions" },
          h("button", { type: "button", class: "button", onclick: () => given.reopen(entry) }, t("reopen")),
          h("button", { type: "button", class: "button quiet", onclick: () => given.discard(entry) }, t("discard")),
        ),
      ),
    ),
    given.isCorrecting &&
      h(
        "div",
        { class: "notice good row", role: "status" },
        h("b", {}, t("correcting")),
        h(
          "button",
          { type: "button", class: "button quiet", onclick: given.back },
          t("return_to_work"),
          h("kbd", { "aria-hidden": "true" }, "Esc"),
        ),
      ),
  ];
}
