// Holds the text still while the questions under it come and go.

export class Stand {
  readonly #displays: HTMLElement;
  readonly #observer = new ResizeObserver(() => this.#hold());
  /** Above the text; null before it has a place. */
  #head: number | null = null;

  constructor(displays: HTMLElement) {
    this.#displays = displays;
  }

  /** The text begins where it is in the middle when every question shows, so that none that comes moves it. */
  settle(questions: readonly HTMLElement[]): void {
    if (this.#head !== null) return;
    const hidden = questions.filter((question) => question.hidden);
    for (const question of hidden) question.hidden = false;
    this.#head = Math.max(0, (this.#displays.clientHeight - this.#height()) / 2);
    for (const question of hidden) question.hidden = true;
    this.#hold();
    this.#observer.observe(this.#displays, { box: "border-box" });
  }

  close(): void {
    this.#observer.disconnect();
  }

  /** It gives way only where it would be covered. */
  #hold(): void {
    const room = this.#displays.clientHeight - this.#height();
    this.#displays.style.setProperty("--head", `${Math.round(Math.max(0, Math.min(this.#head ?? 0, room)))}px`);
  }

  #height(): number {
    const first = this.#displays.firstElementChild;
    const last = this.#displays.lastElementChild;
    return first && last ? last.getBoundingClientRect().bottom - first.getBoundingClientRect().top : 0;
  }
}
