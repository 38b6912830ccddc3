// What is sent for an item: its answers, or that it was skipped, each under a key of its own.

import type { Item } from "./item.ts";
import type { SkipReason } from "./panels.ts";
import type { Draft, Entry } from "./store.ts";
import type { Config } from "./types.ts";

function entry(item: Item, config: Config, kind: Entry["kind"], said: Readonly<Record<string, unknown>>): Entry {
  const key = crypto.randomUUID();
  const { lease, schema } = item.given.lease;
  return { key, person: config.person.id, project: config.project.id, kind, lease, schema, body: { lease, key, ...said }, at: Date.now() };
}

export function answerEntry(item: Item, config: Config): Entry {
  return entry(item, config, "submit", {
    answers: item.answers,
    active_ms: item.activity.read(performance.now()),
    opened_at: item.openedAt,
    suggestion_visible: item.showedSuggestion,
    reveals: item.veil.reveals,
    order: item.order,
  });
}

export function skipEntry(item: Item, config: Config, reason: SkipReason, note: string): Entry {
  return entry(item, config, "skip", { reason, note });
}

/** The item as it is left, to be found again. */
export function draftOf(item: Item, config: Config): Draft {
  return {
    lease: item.given.lease.lease,
    person: config.person.id,
    answers: item.document.answers,
    active: item.activity.read(performance.now()),
    at: Date.now(),
    seen: { openedAt: item.openedAt, reveals: item.veil.reveals },
  };
}
