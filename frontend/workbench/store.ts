// Keeps outbox and drafts in the browser, by person; on IndexedDB, or in memory where there is none.

import type { Answers, Problem } from "./types.ts";

/** Why the server would not take an answer. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly problems: readonly Problem[];
}

export interface Entry {
  readonly key: string;
  readonly person: string;
  readonly project: string;
  readonly kind: "submit" | "skip";
  readonly lease: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly at: number;
  /** Of the item, so that a refusal can name the question. */
  readonly schema?: number;
  /** Such an entry waits for the person. */
  readonly refused?: Refusal;
}

export interface Draft {
  readonly lease: string;
  readonly person: string;
  readonly answers: Answers;
  readonly active: number;
  readonly at: number;
  readonly seen?: Readonly<Record<string, unknown>>;
}

export interface Store {
  /** False where the browser keeps nothing: what is not delivered goes with the tab. */
  readonly isKept: boolean;
  entries(person: string): Promise<Entry[]>;
  /** Put an entry and drop the draft it came from, in one transaction. */
  put(entry: Entry): Promise<void>;
  drop(key: string): Promise<void>;
  draft(person: string, lease: string): Promise<Draft | undefined>;
  keep(draft: Draft): Promise<void>;
  forget(person: string, lease: string): Promise<void>;
  /** Drop drafts older than a moment: their leases have long expired. */
  sweep(before: number): Promise<void>;
}

export function memoryStore(): Store {
  const entries = new Map<string, Entry>();
  const drafts = new Map<string, Draft>();
  return {
    isKept: false,
    entries: async (person) => [...entries.values()].filter((entry) => entry.person === person).sort((left, right) => left.at - right.at),
    put: async (entry) => {
      entries.set(entry.key, entry);
      drafts.delete(`${entry.person}/${entry.lease}`);
    },
    drop: async (key) => {
      entries.delete(key);
    },
    draft: async (person, lease) => drafts.get(`${person}/${lease}`),
    keep: async (draft) => {
      drafts.set(`${draft.person}/${draft.lease}`, draft);
    },
    forget: async (person, lease) => {
      drafts.delete(`${person}/${lease}`);
    },
    sweep: async (before) => {
      for (const [id, draft] of drafts) if (draft.at < before) drafts.delete(id);
    },
  };
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function ended(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

export const DATABASE = "isogloss";

export function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("outbox", { keyPath: "key" }).createIndex("person", ["person", "at"]);
    request.result.createObjectStore("drafts", { keyPath: ["person", "lease"] }).createIndex("at", "at");
  };
  return done(request);
}

/** Everything in one person's outbox, oldest first. */
export async function entriesOf(database: IDBDatabase, person: string): Promise<Entry[]> {
  const index = database.transaction("outbox").objectStore("outbox").index("person");
  return done(index.getAll(IDBKeyRange.bound([person], [person, []]))) as Promise<Entry[]>;
}

/** A browser that was killed may still hold the files of its database for a moment when it starts again. */
const PATIENCE = [100, 300, 1000, 2500] as const;

async function openPatiently(): Promise<IDBDatabase> {
  for (const wait of PATIENCE) {
    try {
      return await openDatabase();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  return openDatabase();
}

export async function browserStore(): Promise<Store> {
  let opened: Promise<IDBDatabase> | null = null;
  const reopened = async (): Promise<IDBDatabase> => {
    const database = await openPatiently();
    database.onclose = () => {
      opened = null; // the browser closed it: disk trouble, or storage was cleared
    };
    return database;
  };
  const database = (): Promise<IDBDatabase> =>
    (opened ??= reopened().catch((error: unknown) => {
      opened = null; // the next one tries again
      throw error;
    }));
  const write = async (names: string[], change: (transaction: IDBTransaction) => void): Promise<void> => {
    const transaction = (await database()).transaction(names, "readwrite", { durability: "strict" });
    change(transaction);
    await ended(transaction);
  };
  await database();
  return {
    isKept: true,
    entries: async (person) => entriesOf(await database(), person),
    put: (entry) =>
      write(["outbox", "drafts"], (transaction) => {
        transaction.objectStore("outbox").put(entry);
        transaction.objectStore("drafts").delete([entry.person, entry.lease]);
      }),
    drop: (key) => write(["outbox"], (transaction) => transaction.objectStore("outbox").delete(key)),
    draft: async (person, lease) =>
      done((await database()).transaction("drafts").objectStore("drafts").get([person, lease])) as Promise<Draft | undefined>,
    keep: (draft) => write(["drafts"], (transaction) => transaction.objectStore("drafts").put(draft)),
    forget: (person, lease) => write(["drafts"], (transaction) => transaction.objectStore("drafts").delete([person, lease])),
    sweep: (before) =>
      write(["drafts"], (transaction) => {
        const request = transaction.objectStore("drafts").index("at").openCursor(IDBKeyRange.upperBound(before));
        request.onsuccess = () => {
          request.result?.delete();
          request.result?.continue();
        };
      }),
  };
}
