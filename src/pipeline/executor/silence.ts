/**
 * Times a provider's silence while we wait for it, and only then: a client that reads slowly is not its fault. `onTooLong` is
 * told when it was silent for longer than the limit.
 */
export function createSilence(limitMs: number, onTooLong: () => void) {
  let wasTooLong = false;
  let timer: ReturnType<typeof setTimeout> | null = null;
  /** When the silence under way is over; null while nobody waits. */
  let endsAt: number | null = null;

  /** A stream waits a hundred times, so the timer is not set anew each time: it looks, when it comes, whether it came too soon. */
  function look(): void {
    timer = null;
    if (endsAt === null) return;
    const leftMs = endsAt - performance.now();
    if (leftMs > 0) {
      timer = setTimeout(look, leftMs);
      return;
    }
    wasTooLong = true;
    onTooLong();
  }

  return {
    wasTooLong: (): boolean => wasTooLong,
    /** Somebody waits for the provider from now on. */
    begin(): void {
      endsAt = performance.now() + limitMs;
      timer ??= setTimeout(look, limitMs);
    },
    /** It has been heard. */
    end(): void {
      endsAt = null;
    },
    /** Nobody will wait any more. */
    stop(): void {
      endsAt = null;
      if (timer) clearTimeout(timer);
      timer = null;
    },
  };
}
