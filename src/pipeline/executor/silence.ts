/**
 * Times a provider's silence while we wait for it, and only then: a client that reads slowly is not its fault. `signal` fires
 * when it was silent for longer than the limit.
 */
export function createSilence(limitMs: number) {
  const controller = new AbortController();

  async function during<T>(work: Promise<T>): Promise<T> {
    const timer = setTimeout(() => controller.abort(), limitMs);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
    }
  }

  return { during, signal: controller.signal };
}
