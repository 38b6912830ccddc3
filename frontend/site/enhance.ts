// Small conveniences that pages ask for by data attributes; every one may be missing.

import { entriesOf, openDatabase } from "../workbench/store.ts";

/** `<form data-confirm="…">` asks before it sends. */
export function confirmForms(): void {
  document.addEventListener("submit", (event) => {
    const question = event.target instanceof HTMLElement ? event.target.dataset["confirm"] : undefined;
    if (question && !confirm(question)) event.preventDefault();
  });
}

/** `[data-copy="#id"]` copies that element's text. */
export function copyButtons(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-copy]") : null;
    const source = button && document.querySelector<HTMLElement>(button.dataset["copy"] ?? "");
    if (!button || !source) return;
    void navigator.clipboard.writeText(source instanceof HTMLInputElement ? source.value : source.innerText).then(() => {
      button.classList.add("is-done");
      setTimeout(() => button.classList.remove("is-done"), 1500);
    });
  });
}

/** `<textarea data-draft="name">` keeps its text in the browser until its form is sent. */
export function keepDrafts(): void {
  for (const field of document.querySelectorAll<HTMLTextAreaElement>("textarea[data-draft]")) {
    const name = `draft:${field.dataset["draft"]}`;
    if (field.value === "") field.value = localStorage.getItem(name) ?? "";
    field.addEventListener("input", () => localStorage.setItem(name, field.value));
    field.form?.addEventListener("submit", () => localStorage.removeItem(name));
  }
}

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** `<time datetime data-relative>` reads "5 minutes ago"; the full time stays as its title. */
export function relativeTimes(): void {
  const format = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto", style: "short" });
  const draw = (): void => {
    for (const time of document.querySelectorAll<HTMLTimeElement>("time[data-relative]")) {
      const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
      if (Number.isNaN(seconds)) continue;
      if (time.title === "") time.title = time.textContent ?? "";
      const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["minute", 60];
      time.textContent = format.format(Math.trunc(seconds / size), unit);
    }
  };
  draw();
  setInterval(draw, 30_000);
  document.addEventListener("htmx:after:swap", draw);
}

/** `<select data-autosubmit>` sends its form; without scripts there is a button. */
export function sendOnChange(): void {
  document.addEventListener("change", (event) => {
    if (event.target instanceof HTMLSelectElement && "autosubmit" in event.target.dataset) event.target.form?.requestSubmit();
  });
  for (const select of document.querySelectorAll("select[data-autosubmit]")) {
    for (const button of select.closest("form")?.querySelectorAll<HTMLElement>("[data-without-script]") ?? []) button.hidden = true;
  }
}

/** `<table data-keys>`: j and k walk the rows, Enter opens the row's link. */
export function tableKeys(): void {
  document.addEventListener("keydown", (event) => {
    const isBusy =
      event.target instanceof HTMLElement && event.target.closest("input, textarea, select, button, a, dialog, [contenteditable]");
    if (isBusy || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const rows = [...document.querySelectorAll<HTMLTableRowElement>("table[data-keys] tbody tr")];
    const at = rows.findIndex((row) => row.classList.contains("is-cursor"));
    if (event.key === "Enter" && at >= 0) return rows[at]?.querySelector("a")?.click();
    const step = { j: 1, k: -1 }[event.key];
    if (step === undefined || rows.length === 0) return;
    rows[at]?.classList.remove("is-cursor");
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
    next?.classList.add("is-cursor");
    next?.scrollIntoView({ block: "nearest" });
  });
}

/** `<form data-logout data-person="hex" data-warning="…">` holds back while answers are undelivered. */
export function warnOfUndelivered(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-logout]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset["checked"] === "yes") return;
      event.preventDefault();
      void undelivered(form.dataset["person"] ?? "").then((n) => {
        if (
          n > 0 &&
          !confirm((form.dataset["warning"] ?? "{n} answers are not delivered yet. Log out all the same?").replace("{n}", String(n)))
        )
          return;
        form.dataset["checked"] = "yes";
        form.requestSubmit();
      });
    });
  }
}

async function undelivered(person: string): Promise<number> {
  try {
    return (await entriesOf(await openDatabase(), person)).length;
  } catch {
    return 0;
  }
}
