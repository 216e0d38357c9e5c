/** The right form for a number, in the languages here: one of it, or any other number. */
export function plural(count: number, one: string, other: string): string {
  return count === 1 ? one : other;
}
