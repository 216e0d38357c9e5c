const NANO = 1_000_000_000;

/** Whole nano-dollars as a decimal number of dollars without an exponent: 12_500 → `0.0000125`. */
export function formatNanoUsd(nanoUsd: number): string {
  const sign = nanoUsd < 0 ? '-' : '';
  const whole = Math.abs(nanoUsd);
  const fraction = String(whole % NANO)
    .padStart(9, '0')
    .replace(/0+$/, '');
  return `${sign}${Math.floor(whole / NANO)}${fraction ? `.${fraction}` : ''}`;
}
