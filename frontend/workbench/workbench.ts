// Leads a person from item to item: what is shown, what a key does, what is kept and sent.

import { Ahead } from "./ahead.ts";
import { Blank } from "./blank.ts";
import { fill, h, isPressable, isTextField } from "./dom.ts";
import { answerEntry, draftOf, skipEntry } from "./entries.ts";
import { Foot } from "./foot.ts";
import { Guideline } from "./guideline.ts";
import { Item } from "./item.ts";
import { Keymap } from "./keymap.ts";
import type { Command } from "./keys.ts";
import { commandOf, isPause, isSilent } from "./keys.ts";
import type { Delivery } from "./outbox.ts";
import type { Outbox } from "./outbox.ts";
import { awayPanel, banners, nothingPanel, otherTabPanel, recentPanel, skipPanel, waitingPanel } from "./panels.ts";
import type { SkipReason } from "./panels.ts";
import { outboxOf, prefetchOf } from "./parts.ts";
import type { Prefetch } from "./prefetch.ts";
import { Recent } from "./recent.ts";
import { Status } from "./status.ts";
import { Drafts } from "./drafts.ts";
import type { Draft, Entry, Store } from "./store.ts";
import type { Translate } from "./strings.ts";
import type { Transport } from "./transport.ts";
import type { Answered, Config, Lease, NextReply, Schema } from "./types.ts";

export interface Given {
  readonly config: Config;
  readonly main: HTMLElement;
  readonly aside: HTMLElement | null;
  readonly statusPlace: HTMLElement;
  readonly store: Store;
  readonly transport: Transport;
  readonly t: Translate;
}

export class Workbench {
  readonly #given: Given;
  readonly #t: Translate;
  readonly #language: string;
  readonly #status: Status;
  readonly #outbox: Outbox;
  readonly #prefetch: Prefetch;
  readonly #guideline: Guideline | null;
  readonly #recent: Recent;
  readonly #keymap: Keymap;
  readonly #drafts: Drafts;
  readonly #blank: Blank;
  readonly #ahead: Ahead;
  readonly #stage = h("div", { class: "stage" });
  readonly #banner = h("div", { class: "banners" });
  readonly #foot: Foot;
  #item: Item | null = null;
  /** The item that waits while an earlier answer is corrected. */
  #parked: Item | null = null;
  #correcting = -1;
  #panel: HTMLElement | null = null;
  #isActive = false;
  #resting: ReturnType<typeof setTimeout> | undefined;

  constructor(given: Given) {
    this.#given = given;
    const { config, t, transport, store } = given;
    this.#t = t;
    this.#language = config.language ?? "en";
    this.#keymap = new Keymap({ t, language: this.#language, own: config.person.keys ?? {}, save: (keys) => this.#saveKeys(keys) });
    this.#status = new Status(given.statusPlace, t);
    this.#outbox = outboxOf(given, (delivery) => this.#delivered(delivery));
    this.#prefetch = prefetchOf(given, { answered: () => this.#outbox.leases(), tell: (news) => this.#news(news) });
    this.#drafts = new Drafts({ store, person: config.person.id, failed: () => this.#status.say(t("error_generic")) });
    this.#blank = new Blank(t, config.contacts, () => this.#resume());
    this.#ahead = new Ahead((lease) => {
      const schema = this.#drafts.get(lease.lease) ? undefined : this.#prefetch.schema(lease.schema);
      return schema ? this.#make(lease, schema, { answers: {}, isCorrection: false }) : null;
    });
    this.#recent = new Recent({ transport, url: config.urls.recent });
    this.#guideline =
      given.aside &&
      new Guideline(given.aside, {
        t,
        searchKey: this.#keymap.cap("search"),
        askKey: this.#keymap.cap("ask"),
        send: async (lease, text) => (await transport.session(config.urls.inquiry, { lease, text })).is === "ok",
        ended: (isSent) => this.#asked(isSent),
      });
    this.#foot = new Foot(t, { ...this.#runs, back: () => this.openRecent(), guideline: () => this.#guideline?.toggle(null) });
    fill(
      given.main,
      h("h1", { class: "visually-hidden" }, config.project.name),
      this.#banner,
      h("div", { class: "says" }, this.#status.toast),
      this.#stage,
      h("div", { class: "foot-place" }, this.#foot.element),
    );
    this.#foot.draw(this.#keymap);
  }

  /** Take over the page: this is now the person's only active tab. */
  async start(): Promise<void> {
    this.#isActive = true;
    fill(this.#stage, waitingPanel(this.#t));
    await this.#outbox.load();
    this.#drawDelivery();
    void this.#outbox.flush();
    void this.#drafts.sweep(Date.now());
    await this.next();
  }

  /** Another tab took over. */
  stop(take: () => void): void {
    this.#isActive = false;
    this.#keepDraft();
    this.#item?.close();
    this.#item = null;
    this.#parked = null;
    this.#correcting = -1;
    this.#prefetch.forget();
    this.#ahead.drop();
    this.#closePanel();
    this.#foot.element.hidden = true;
    this.#guideline?.turnTo(null);
    fill(this.#stage, otherTabPanel(this.#t, take));
  }

  async next(): Promise<void> {
    if (this.#prefetch.length === 0) {
      if (!this.#item) fill(this.#stage, waitingPanel(this.#t));
      await this.#prefetch.fill();
      if (this.#prefetch.length === 0 && this.#outbox.counts.waiting > 0) {
        // what is on its way still counts as held
        await this.#outbox.flush();
        await this.#prefetch.fill();
      }
    }
    if (!this.#isActive) return;
    const lease = this.#prefetch.take();
    if (lease) this.#open(lease);
    else this.#rest();
    void this.#prefetch.fill();
  }

  submit(): void {
    const item = this.#item;
    if (!item || this.#blank.isUp) return;
    if (item.veil.isNeeded && item.veil.reveals.length === 0) return this.#status.say(this.#t("look_first"));
    if (item.finish().length > 0) return;
    const { lease } = item.given;
    this.#drafts.drop(lease.lease);
    this.#keep(answerEntry(item, this.#given.config));
    this.#recent.add({ ...lease, answers: item.answers, at: new Date().toISOString() });
    if (item.given.isCorrection) this.#status.say(this.#t("correction_saved"));
    this.#leave();
  }

  #keep(entry: Entry): void {
    this.#outbox.add(entry).catch(() => this.#status.say(this.#t("error_generic")));
  }

  /** Go on after an item was answered or skipped. */
  #leave(): void {
    this.#item?.close();
    const parked = this.#parked;
    const wasCorrecting = this.#correcting >= 0;
    this.#correcting = -1;
    this.#parked = null;
    this.#item = null;
    this.#drawBanner();
    if (wasCorrecting && parked) this.#place(parked);
    else void this.next();
  }

  #open(lease: Lease): void {
    const draft = this.#drafts.get(lease.lease);
    const schema = this.#prefetch.schema(lease.schema);
    if (!schema) return;
    const ready = draft ? null : this.#ahead.take(lease.lease);
    this.#place(ready ?? this.#make(lease, schema, { answers: draft?.answers ?? {}, isCorrection: false, ...(draft ? { draft } : {}) }));
    this.#ahead.prepare(this.#prefetch.peek());
    if (draft && Object.keys(draft.answers).length > 0) this.#status.say(this.#t("draft_restored"));
  }

  #make(
    lease: Lease,
    schema: Schema,
    from: { answers: Lease["content"] | Answered["answers"]; isCorrection: boolean; draft?: Draft },
  ): Item {
    return new Item({
      lease,
      schema,
      answers: from.answers as Answered["answers"],
      isCorrection: from.isCorrection,
      activeBefore: from.draft?.active ?? 0,
      openedAt: from.draft?.seen?.["openedAt"] as string | undefined,
      reveals: (from.draft?.seen?.["reveals"] as { at: string }[] | undefined) ?? [],
      acts: this.#keymap.actsOf(schema),
      veilCap: this.#keymap.cap("veil"),
      t: this.#t,
      language: this.#language,
      changed: () => this.#scheduleDraft(),
      say: (message) => this.#status.say(message),
      point: (value, name) => this.#guideline?.point(value, name),
      revealed: (id, at) => {
        this.#scheduleDraft();
        void this.#given.transport.session(this.#given.config.urls.reveal, { lease: id, at });
      },
    });
  }

  #place(item: Item): void {
    this.#item = item;
    this.#closePanel();
    this.#foot.element.hidden = false;
    this.#foot.name(item.given.isCorrection ? "correct" : "submit");
    this.#stage.replaceChildren(item.element);
    this.#guideline?.turnTo(item.given.lease.lease);
    item.begin();
    item.placed();
  }

  #rest(): void {
    this.#item = null;
    this.#guideline?.turnTo(null);
    this.#foot.element.hidden = true;
    const again = (): void => {
      void this.#outbox.flush();
      void this.next();
    };
    const { nothing, away, loggedOut } = this.#prefetch;
    if (!nothing && !away && loggedOut === null && this.#outbox.counts.waiting > 0) return fill(this.#stage, waitingPanel(this.#t)); // goes on as soon as they are delivered
    fill(this.#stage, away || loggedOut !== null ? awayPanel(this.#t, loggedOut, again) : nothingPanel(this.#t, this.#language, nothing, again));
    const wait = nothing?.until ? Date.parse(nothing.until) - Date.now() + 500 : 60_000;
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.#wake(), Math.max(2_000, Math.min(wait, 2 ** 31 - 1)));
  }

  #wake(): void {
    if (this.#isActive && !this.#item && !document.hidden) void this.next();
  }

  // Keys

  /** Comes before everything else on the page: a dialog, a panel, a field. */
  onPause(event: KeyboardEvent): void {
    if (!isPause(event)) return;
    event.preventDefault();
    event.stopPropagation();
    this.#panic();
  }

  onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (this.#blank.isUp || !this.#isActive) return;
    const item = this.#item;
    const acts = item ? this.#keymap.actsOf(item.given.schema) : [];
    const found = commandOf(event, this.#keymap.bindings(acts, item?.visible() ?? new Set()), isTextField(event.target));
    if (found === null && !isTextField(event.target) && !isSilent(event) && item?.key(event.key)) return event.preventDefault();
    if (found === null || (event.key === "Enter" && !event.ctrlKey && !event.metaKey && isPressable(event.target))) return;
    event.preventDefault();
    const act = acts.find((each) => each.id === found);
    if (act) item?.press(act);
    else this.#runs[found as Command | "escape"]();
  }

  readonly #runs: Readonly<Record<Command | "escape", () => void>> = {
    submit: () => this.submit(),
    skip: () => this.#openSkip(),
    undo: () => this.#step("undo"),
    redo: () => this.#step("redo"),
    ask: () => this.#guideline?.openAsk(),
    back: () => this.#back(),
    veil: () => this.#item?.veil.toggle(),
    panic: () => this.#panic(),
    help: () => this.#help(),
    search: () => this.#guideline?.search(),
    guideline: () => this.#guideline?.toggle(this.#item?.guideline ?? null),
    larger: () => pressIfThere("[data-text-size='1']"),
    smaller: () => pressIfThere("[data-text-size='-1']"),
    escape: () => this.#escape(),
  };

  #escape(): void {
    if (this.#panel) this.#closePanel();
    else if (isTextField(document.activeElement)) (document.activeElement as HTMLElement).blur();
    else if (this.#guideline?.isOpen) this.#guideline.close();
    else if (this.#correcting >= 0) return this.#leave();
    this.#item?.focus();
  }

  #step(direction: "undo" | "redo"): void {
    const before = this.#item?.document;
    this.#item?.dispatch({ do: direction });
    if (!before || this.#item?.document !== before || direction === "redo") return;
    const isFirst = this.#recent.list.length === 0 || this.#correcting >= 0;
    this.#status.say(this.#t(isFirst ? "undo_nothing" : "undo_earlier", { name: this.#t("back"), key: this.#keymap.cap("back") }));
  }

  // Skipping, earlier answers, help, the blank screen

  #openPanel(panel: HTMLElement): void {
    this.#closePanel();
    this.#panel = panel;
    this.#foot.element.before(panel);
    (panel.querySelector("button") as HTMLElement | null)?.focus();
  }

  #closePanel(): void {
    this.#panel?.remove();
    this.#panel = null;
  }

  #openSkip(): void {
    if (!this.#item || this.#item.given.isCorrection) return;
    this.#openPanel(skipPanel(this.#t, { skip: (reason, note) => this.#skip(reason, note), cancel: () => this.#escape() }));
  }

  #skip(reason: SkipReason, note: string): void {
    const item = this.#item;
    if (!item) return;
    this.#drafts.drop(item.given.lease.lease);
    this.#keep(skipEntry(item, this.#given.config, reason, note));
    this.#status.say(this.#t("skipped"));
    this.#closePanel();
    this.#leave();
  }

  /** One answer further back; the item at hand waits. */
  #back(): void {
    void this.#recent.load().then(() => this.#reopen(this.#correcting + 1));
  }

  async #reopen(index: number): Promise<void> {
    const answered = this.#recent.list[index];
    if (!answered) return this.#status.say(this.#t("recent_none"));
    const schema = await this.#prefetch.learn(answered.schema);
    if (!schema || !this.#isActive) return;
    this.#keepDraft();
    this.#item?.activity.pause(performance.now());
    if (this.#item && !this.#item.given.isCorrection) this.#parked = this.#item;
    this.#correcting = index;
    const lease: Lease = { ...answered, expires: answered.at };
    this.#place(this.#make(lease, schema, { answers: answered.answers, isCorrection: true }));
    this.#drawBanner();
  }

  openRecent(): void {
    void this.#recent.load().then(() =>
      this.#openPanel(
        recentPanel(this.#t, {
          answered: this.#recent.list,
          schema: (id) => this.#prefetch.schema(id),
          language: this.#language,
          close: () => this.#escape(),
          open: (index) => void this.#reopen(index),
        }),
      ),
    );
  }

  #help(): void {
    this.#keymap.openHelp(this.#item?.given.schema, () => this.#item?.placed());
  }

  /** The same item with the keys as they are now printed. */
  #remake(item: Item): void {
    const { lease, schema, isCorrection } = item.given;
    const made = this.#make(lease, schema, { answers: item.document.answers, isCorrection, draft: draftOf(item, this.#given.config) });
    item.close();
    this.#place(made);
  }

  #panic(): void {
    if (this.#blank.isUp) return;
    this.#item?.veil.lower();
    this.#item?.activity.pause(performance.now());
    this.#blank.show();
  }

  #resume(): void {
    this.#item?.activity.resume(performance.now());
    if (document.activeElement === document.body) this.#item?.focus();
  }

  async #saveKeys(keys: Readonly<Record<string, string>>): Promise<boolean> {
    this.#foot.draw(this.#keymap);
    this.#ahead.drop();
    if (this.#item) this.#remake(this.#item);
    return (await this.#given.transport.session(this.#given.config.urls.keys, { keys })).is === "ok";
  }

  #asked(isSent: boolean): void {
    this.#status.say(this.#t(isSent ? "ask_sent" : "ask_failed"));
    if (document.activeElement === document.body) this.#item?.focus();
  }

  // Drafts, clock, news

  #scheduleDraft(): void {
    this.#drafts.later(() => this.#keepDraft());
  }

  #keepDraft(): void {
    if (this.#item && !this.#item.given.isCorrection) this.#drafts.keep(draftOf(this.#item, this.#given.config));
  }

  onStir(): void {
    if (!this.#blank.isUp) this.#item?.activity.stir(performance.now());
  }

  onVisibility(isVisible: boolean): void {
    const now = performance.now();
    if (isVisible && !this.#blank.isUp) this.#item?.activity.resume(now);
    if (isVisible) {
      this.#wake();
      return void this.#outbox.flush();
    }
    this.#item?.activity.pause(now);
    this.#item?.veil.lower();
    this.#keepDraft();
  }

  /** Another window has the focus: what is hard to look at is veiled again. */
  onBlur(): void {
    this.#item?.veil.lower();
  }

  onOnline(): void {
    void this.#outbox.flush();
    this.#wake();
  }

  tick(): void {
    this.#status.tick(Date.now());
    if (this.#item?.isTouched) this.#keepDraft(); // with the time that has gone by
  }

  #news(news: NextReply): void {
    this.#status.today(news.today);
    this.#status.breakIn(news.break_in, Date.now());
    for (const { lease } of news.leases)
      void this.#drafts.fetch(lease).then((draft) => {
        if (draft) this.#restore(lease);
      });
  }

  /** A draft may arrive a moment after its item is on the page. */
  #restore(lease: string): void {
    const item = this.#item;
    if (item?.given.lease.lease !== lease || item.isTouched || item.given.isCorrection) return;
    item.close();
    this.#open(item.given.lease);
  }

  #delivered(delivery: Delivery): void {
    this.#drawDelivery();
    if (delivery.is === "delivered") {
      const { state, today } = delivery.body as { state?: string; today?: number };
      this.#status.today(today);
      if (state === "surplus") this.#status.say(this.#t("surplus"));
      if (this.#isActive)
        void this.#prefetch.fill().then(() => {
          if (this.#isActive && !this.#item) void this.next();
        });
    }
  }

  #drawDelivery(): void {
    this.#status.delivery(this.#outbox.counts);
    this.#drawBanner();
  }

  #drawBanner(): void {
    fill(
      this.#banner,
      ...banners(this.#t, {
        counts: this.#outbox.counts,
        isCorrecting: this.#correcting >= 0,
        isKept: this.#given.store.isKept,
        schema: (id) => (id === undefined ? undefined : this.#prefetch.schema(id)),
        reopen: (entry) => void this.#reopenRefused(entry),
        discard: (entry) => void this.#outbox.discard(entry.key),
        back: () => this.#leave(),
      }),
    );
  }

  async #reopenRefused({ key, lease }: Entry): Promise<void> {
    await this.#recent.load();
    const index = this.#recent.list.findIndex((answered) => answered.lease === lease);
    if (index < 0) return this.#status.say(this.#t("unknown_lease"));
    await this.#reopen(index);
    await this.#outbox.discard(key);
  }
}

/** Controls of the bar have a key here as everything has. */
function pressIfThere(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.click();
}
