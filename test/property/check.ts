import fc from 'fast-check';

const SEED = Number(process.env.PROPERTY_SEED ?? 20261101);
const RUNS = Number(process.env.PROPERTY_RUNS ?? 300);

/**
 * Holds a property against random values: always the same ones, so that a failure is everybody's. `PROPERTY_SEED` draws
 * others and `PROPERTY_RUNS` more of them.
 */
export function holds<Values extends [unknown, ...unknown[]]>(
  ...args: [...arbitraries: { [K in keyof Values]: fc.Arbitrary<Values[K]> }, claim: (...values: Values) => void]
): void {
  fc.assert(fc.property(...(args as Parameters<typeof fc.property<Values>>)), {
    seed: SEED,
    numRuns: RUNS,
    includeErrorInReport: true,
  });
}
