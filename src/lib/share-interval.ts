/** The standard normal's 97.5th percentile: 95 % lie between it and its negative. */
const Z = 1.96;

/**
 * Where a share lies with 95 % confidence, from so many of so many (Wilson's interval, which holds for few and for extreme
 * shares, too); null of none.
 */
export function shareInterval(part: number, all: number): { low: number; high: number } | null {
  if (all <= 0) return null;
  const share = part / all;
  const spread = Z * Math.sqrt((share * (1 - share)) / all + Z ** 2 / (4 * all ** 2));
  const middle = share + Z ** 2 / (2 * all);
  const whole = 1 + Z ** 2 / all;
  return { low: Math.max(0, (middle - spread) / whole), high: Math.min(1, (middle + spread) / whole) };
}
