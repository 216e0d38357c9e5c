/** Finished HTML. Everything else that stands in a view is text and is escaped. */
export class Raw {
  // Private, so that no other object with the same fields is taken for one.
  readonly #html: string;

  constructor(html: string) {
    this.#html = html;
  }

  toString(): string {
    return this.#html;
  }
}

/** What may stand between two tags. No promises: a view gets what it shows, it does not wait for it. */
export type Child = Raw | string | number | boolean | null | undefined | readonly Child[];
