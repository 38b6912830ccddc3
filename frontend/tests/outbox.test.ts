// The outbox under a transport that fails in every way: all is delivered, once, in order.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox } from "../workbench/outbox.ts";
import type { Delivery } from "../workbench/outbox.ts";
import { memoryStore } from "../workbench/store.ts";
import type { Entry, Store } from "../workbench/store.ts";
import type { Reply, Transport } from "../workbench/transport.ts";
import { below, pick, seeded } from "./random.ts";
import type { Random } from "./random.ts";

function anEntry(key: string, given: Partial<Entry> = {}): Entry {
  return {
    key,
    person: "ana",
    project: "p",
    kind: "submit",
    lease: `lease-${key}`,
    body: { key, lease: given.lease ?? `lease-${key}` },
    at: Number(key) || 0,
    ...given,
  };
}

interface Server {
  readonly received: string[];
  readonly stored: string[];
  readonly transport: Transport;
}

/** A server that keeps what it gets, though its answer may be lost on the way. */
function aServer(reply: (key: string) => Reply | "lost"): Server {
  const received: string[] = [];
  const stored: string[] = [];
  const post = async (_url: string, body: unknown): Promise<Reply> => {
    const { key } = body as { key: string };
    const answer = reply(key);
    received.push(key);
    if (answer === "lost" || answer.is === "ok") if (!stored.includes(key)) stored.push(key);
    return answer === "lost" ? { is: "away", after: null } : answer;
  };
  return { received, stored, transport: { post, session: async () => ({ is: "away", after: null }) } };
}

const ok: Reply = { is: "ok", body: { state: "counted" } };
const away: Reply = { is: "away", after: null };

interface Bench {
  readonly outbox: Outbox;
  readonly told: Delivery[];
  readonly waits: number[];
  readonly settle: () => Promise<void>;
}

function anOutbox(transport: Transport, store: Store = memoryStore(), random: Random = () => 0.5): Bench {
  const told: Delivery[] = [];
  const waits: number[] = [];
  const timers: (() => void)[] = [];
  const outbox = new Outbox({
    store,
    transport,
    person: "ana",
    project: "p",
    urls: { submit: "/submit", skip: "/skip" },
    random,
    tell: (delivery) => told.push(delivery),
    later: (run, ms) => {
      timers.push(run);
      waits.push(ms);
    },
  });
  const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const settle = async (): Promise<void> => {
    await breathe();
    for (let timer = timers.shift(); timer; timer = timers.shift()) {
      timer();
      await breathe();
      await breathe();
    }
  };
  return { outbox, told, waits, settle };
}

test("whatever the network does, every answer is stored once and in order", async () => {
  for (let seed = 0; seed < 40; seed += 1) {
    const random = seeded(seed);
    const server = aServer(() => pick<Reply | "lost">(random, [ok, ok, away, "lost", { is: "away", after: 1 }]));
    const { outbox, settle } = anOutbox(server.transport, memoryStore(), random);
    const keys = Array.from({ length: 12 }, (_, index) => String(index));

    for (const key of keys) {
      await outbox.add(anEntry(key));
      if (random() < 0.3) await settle();
    }
    await settle();

    assert.deepEqual(server.stored, keys);
    assert.equal(outbox.counts.waiting, 0);
  }
});

test("what a killed page leaves behind is delivered by the next", async () => {
  for (let seed = 0; seed < 20; seed += 1) {
    const random = seeded(100 + seed);
    const store = memoryStore();
    const server = aServer(() => (random() < 0.5 ? "lost" : away));
    const first = anOutbox(server.transport, store);
    for (let n = 0; n < 5 + below(random, 5); n += 1) await first.outbox.add(anEntry(String(n)));
    const kept = (await store.entries("ana")).map((entry) => entry.key);
    const later = aServer(() => ok);

    const second = anOutbox(later.transport, store);
    await second.outbox.load();
    await second.outbox.flush();

    assert.deepEqual(later.stored, kept);
    assert.deepEqual(await store.entries("ana"), []);
  }
});

test("an entry is kept before it is sent", async () => {
  const store = memoryStore();
  let keptWhenSent: string[] = [];
  const transport: Transport = {
    post: async () => {
      keptWhenSent = (await store.entries("ana")).map((entry) => entry.key);
      return ok;
    },
    session: async () => away,
  };
  const { outbox, settle } = anOutbox(transport, store);

  await outbox.add(anEntry("1"));
  await settle();

  assert.deepEqual(keptWhenSent, ["1"]);
});

test("a refused answer stays, is told, and does not hold up the next", async () => {
  const store = memoryStore();
  const server = aServer((key) => (key === "1" ? { is: "refused", status: 422, message: "label unknown", problems: [] } : ok));
  const { outbox, told, settle } = anOutbox(server.transport, store);

  await outbox.add(anEntry("1"));
  await outbox.add(anEntry("2"));
  await settle();

  assert.deepEqual(server.stored, ["2"]);
  assert.deepEqual(
    outbox.counts.refused.map((entry) => [entry.key, entry.refused?.message]),
    [["1", "label unknown"]],
  );
  assert.equal(
    told.some((delivery) => delivery.is === "refused"),
    true,
  );
  assert.equal((await store.entries("ana"))[0]?.refused?.status, 422);
});

test("a refused answer can be discarded", async () => {
  const { outbox, settle } = anOutbox(aServer(() => ({ is: "refused", status: 404, message: "gone", problems: [] })).transport);
  await outbox.add(anEntry("1"));
  await settle();

  await outbox.discard("1");

  assert.equal(outbox.counts.refused.length, 0);
});

test("logged out, it waits and loses nothing", async () => {
  const store = memoryStore();
  const { outbox, settle } = anOutbox(aServer(() => ({ is: "logged-out" })).transport, store);

  await outbox.add(anEntry("1"));
  await settle();

  assert.equal(outbox.counts.state, "logged-out");
  assert.equal((await store.entries("ana")).length, 1);
});

test("a correction never passes the answer it corrects", async () => {
  let failures = 3;
  const server = aServer(() => {
    failures -= 1;
    return failures >= 0 ? away : ok;
  });
  const { outbox, settle } = anOutbox(server.transport);

  await outbox.add(anEntry("1", { lease: "same" }));
  await outbox.add(anEntry("2", { lease: "same" }));
  await settle();

  assert.deepEqual(server.stored, ["1", "2"]);
});

test("waits grow to a minute, and a server that names its time is believed", async () => {
  let left = 12;
  const { outbox, waits, settle } = anOutbox(
    aServer(() => {
      left -= 1;
      return left === 0 ? ok : left === 1 ? { is: "away", after: 7 } : away;
    }).transport,
  );

  await outbox.add(anEntry("1"));
  await settle();

  assert.deepEqual(waits.slice(0, 3), [500, 1000, 2000]);
  assert.equal(waits.at(-2), 60_000);
  assert.equal(waits.at(-1), 7000);
});

test("answers of another project wait for their own page and are counted", async () => {
  const store = memoryStore();
  await store.put(anEntry("1", { project: "other" }));
  const server = aServer(() => ok);
  const { outbox } = anOutbox(server.transport, store);

  await outbox.load();
  await outbox.flush();

  assert.deepEqual(server.received, []);
  assert.equal(outbox.counts.elsewhere, 1);
});

test("another person's answers are neither sent nor counted", async () => {
  const store = memoryStore();
  await store.put(anEntry("1", { person: "ben" }));
  const server = aServer(() => ok);
  const { outbox } = anOutbox(server.transport, store);

  await outbox.load();
  await outbox.flush();

  assert.deepEqual([server.received.length, outbox.counts.elsewhere], [0, 0]);
});

test("keeping an answer drops its draft", async () => {
  const store = memoryStore();
  await store.keep({ lease: "lease-1", person: "ana", answers: { a: "b" }, active: 0, at: 1 });

  await store.put(anEntry("1"));

  assert.equal(await store.draft("ana", "lease-1"), undefined);
});

test("old drafts are swept, newer ones stay", async () => {
  const store = memoryStore();
  await store.keep({ lease: "old", person: "ana", answers: {}, active: 0, at: 1 });
  await store.keep({ lease: "new", person: "ana", answers: {}, active: 0, at: 9 });

  await store.sweep(5);

  assert.equal(await store.draft("ana", "old"), undefined);
  assert.equal((await store.draft("ana", "new"))?.lease, "new");
});
