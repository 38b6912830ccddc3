// Makes outbox and prefetch from what the page gives.

import { Outbox } from "./outbox.ts";
import type { Given as OutboxGiven } from "./outbox.ts";
import { Prefetch } from "./prefetch.ts";
import type { Given as PrefetchGiven } from "./prefetch.ts";
import type { Store } from "./store.ts";
import type { Transport } from "./transport.ts";
import type { Config } from "./types.ts";

/** What the two need of what the workbench is given. */
interface Needs {
  readonly config: Config;
  readonly store: Store;
  readonly transport: Transport;
}

/** Items at hand: enough for a tunnel, few enough to hold from others. */
const AHEAD = 10;

export function outboxOf({ config, transport, store }: Needs, tell: OutboxGiven["tell"]): Outbox {
  return new Outbox({
    store,
    transport,
    person: config.person.id,
    project: config.project.id,
    urls: config.urls,
    random: Math.random,
    later: (run, ms) => setTimeout(run, ms),
    tell,
  });
}

export function prefetchOf({ config, transport }: Needs, told: Pick<PrefetchGiven, "answered" | "tell">): Prefetch {
  return new Prefetch({
    transport,
    url: config.urls.next,
    schemaUrl: config.urls.schema,
    schemas: config.schemas,
    ahead: config.prefetch ?? AHEAD,
    ...told,
  });
}
