// Prefetching: items are at hand before they are needed, never twice, never with an unknown schema.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Prefetch } from "../workbench/prefetch.ts";
import type { Reply } from "../workbench/transport.ts";
import type { Lease, NextReply, Schema } from "../workbench/types.ts";

function aLease(lease: string, schema = 1): Lease {
  return { lease, schema, expires: "", language: "id", severity: 0, hazards: [], content: {} };
}

const schema: Schema = { displays: [], questions: [] };

function aPrefetch(
  reply: (want: number) => Reply,
  answered: ReadonlySet<string> = new Set(),
): { prefetch: Prefetch; wants: number[]; news: NextReply[]; fetched: string[] } {
  const wants: number[] = [];
  const news: NextReply[] = [];
  const fetched: string[] = [];
  const prefetch = new Prefetch({
    url: "/next",
    schemaUrl: "/schema/",
    schemas: { 1: schema },
    ahead: 5,
    answered: () => answered,
    tell: (each) => news.push(each),
    transport: {
      post: async (_url, body) => {
        const { want } = body as { want: number };
        wants.push(want);
        return reply(want);
      },
      session: async (url) => {
        fetched.push(url);
        return url.endsWith("404") ? { is: "refused", status: 404, message: "", problems: [] } : { is: "ok", body: schema };
      },
    },
  });
  return { prefetch, wants, news, fetched };
}

const leases = (...names: string[]): Reply => ({ is: "ok", body: { leases: names.map((name) => aLease(name)), nothing: null, today: 3 } });

test("it asks for the item at hand and five more", async () => {
  const { prefetch, wants } = aPrefetch(() => leases("a", "b", "c", "d", "e", "f"));

  await prefetch.fill();

  assert.deepEqual([wants, prefetch.length], [[6], 6]);
});

test("an item that the server lists again is not shown again", async () => {
  const { prefetch } = aPrefetch(() => leases("a", "b"));
  await prefetch.fill();
  prefetch.take();

  await prefetch.fill();

  assert.equal(prefetch.length, 1);
});

test("an item whose answer is still on its way is not shown", async () => {
  const { prefetch } = aPrefetch(() => leases("a", "b"), new Set(["a"]));

  await prefetch.fill();

  assert.equal(prefetch.take()?.lease, "b");
});

test("several calls for more are one", async () => {
  const { prefetch, wants } = aPrefetch(() => leases("a"));

  await Promise.all([prefetch.fill(), prefetch.fill(), prefetch.fill()]);

  assert.equal(wants.length, 1);
});

test("with enough at hand nothing is asked", async () => {
  const { prefetch, wants } = aPrefetch(() => leases("a", "b", "c", "d", "e"));
  await prefetch.fill();

  await prefetch.fill();

  assert.equal(wants.length, 1);
});

test("an unknown schema is fetched once; an item whose schema cannot be had is left out", async () => {
  const { prefetch, fetched } = aPrefetch(() => ({
    is: "ok",
    body: { leases: [aLease("a", 2), aLease("b", 2), aLease("c", 404)], nothing: null },
  }));

  await prefetch.fill();

  assert.deepEqual(fetched, ["/schema/2", "/schema/404"]);
  assert.equal(prefetch.length, 2);
});

test("when there is nothing it says why, and what is away is no reason", async () => {
  const nothing = { reason: "break", message: "Rest", until: null };
  const empty = aPrefetch(() => ({ is: "ok", body: { leases: [], nothing } }));
  const away = aPrefetch(() => ({ is: "away", after: null }));

  await Promise.all([empty.prefetch.fill(), away.prefetch.fill()]);

  assert.deepEqual(empty.prefetch.nothing, nothing);
  assert.deepEqual([away.prefetch.away, away.prefetch.nothing], [true, null]);
});

test("after another tab took over, what it held is asked for anew", async () => {
  const { prefetch } = aPrefetch(() => leases("a", "b"));
  await prefetch.fill();
  prefetch.take();

  prefetch.forget();
  await prefetch.fill();

  assert.equal(prefetch.take()?.lease, "a");
});
