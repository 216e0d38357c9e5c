/** How much dearer than expected a reply of a model may be about which nothing has been learned yet. */
const UNLEARNED = 3;
/** How much of a bad surprise is remembered from one reply to the next. */
const MEMORY = 0.9;

export type Forecast = ReturnType<typeof createForecast>;

/**
 * Learns how far replies of a model go beyond their estimates. A request is admitted by its estimate and counts by its
 * bound until it ends, so that many at once cannot all be a little dearer than expected and pass a budget together.
 */
export function createForecast() {
  const worst = new Map<string, number>();

  return {
    /** What a reply may come to: seldom more, and never above `most`. */
    bound(model: string, expected: number, most: number): number {
      return Math.max(expected, Math.min(most, Math.ceil(expected * (worst.get(model) ?? UNLEARNED))));
    },
    learn(model: string, expected: number, actual: number): void {
      if (expected <= 0) return;
      const remembered = (worst.get(model) ?? UNLEARNED) * MEMORY;
      worst.set(model, Math.max(1, actual / expected, remembered));
    },
  };
}
