// Says in words why the server would not take an answer, question by question.

import { h } from "./dom.ts";
import type { Entry } from "./store.ts";
import type { Name, Translate } from "./strings.ts";
import type { Schema } from "./types.ts";

const said: Readonly<Record<number, Name>> = { 404: "refused_unknown", 409: "refused_twice" };

/** The lines of a refused entry: the reader's words first, the server's own beneath them. */
export function refusalOf({ refused }: Entry, schema: Schema | undefined, t: Translate): HTMLElement[] {
  if (!refused) return [];
  const name = said[refused.status];
  if (name) return [h("p", {}, t(name))];
  if (refused.problems.length === 0) return [h("p", {}, t("refused_why", { message: refused.message }))];
  const promptOf = (id: string | undefined): string => schema?.questions.find((question) => question.id === id)?.prompt || (id ?? "");
  const lines = refused.problems.map(({ question, path, message }) =>
    h(
      "li",
      {},
      h("b", { dir: "auto" }, promptOf(question)),
      " ",
      h("span", { class: "detail", lang: "en", dir: "ltr" }, path ? `${path}: ${message}` : message),
    ),
  );
  return [h("p", {}, t("refused_questions")), h("ul", {}, ...lines)];
}
