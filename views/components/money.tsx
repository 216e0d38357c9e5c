const NANO = 1_000_000_000;

const large = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });
const small = new Intl.NumberFormat('en-US', {
  ...{ style: 'currency', currency: 'USD', minimumSignificantDigits: 2, maximumSignificantDigits: 3 },
});

/** Nano-dollars for people: cents from a dollar on, three significant digits below, because one answer can cost $0.0000123. */
export function formatNanoUsd(nanoUsd: number): string {
  // From here on three digits would round to a dollar, which is written with its cents.
  const isSmall = nanoUsd !== 0 && Math.abs(nanoUsd) < 0.9995 * NANO;
  return (isSmall ? small : large).format(nanoUsd / NANO);
}

/** An amount; null is a cost nobody knows, which is not the same as nothing. */
export const Money = ({ nanoUsd }: { nanoUsd: number | null }) =>
  nanoUsd === null ? (
    <span class="badge warn" title="No price is known for this model">
      unpriced
    </span>
  ) : (
    <span class="number">{formatNanoUsd(nanoUsd)}</span>
  );
