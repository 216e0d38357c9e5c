import type { Rates } from './schema.ts';

/** One price of a row by name: `input`, `cacheRead`, `cacheWrite.300` … */
export type RateField = Exclude<keyof Rates, 'cacheWrite'> | `cacheWrite.${number}`;

/** What a page says of a row: a price, or `null` where it says that there is none. What it does not speak of is absent. */
export type FlatRates = Partial<Record<RateField, number | null>>;

const PLAIN_FIELDS = [
  'input',
  'output',
  'cacheRead',
  'cacheStorageHour',
  'audioInput',
  'audioOutput',
  'audioCacheRead',
  'imageInput',
  'imageOutput',
  'videoInput',
] as const satisfies readonly RateField[];

/** The prices of a row by name. */
export function flattenRates(rates: Rates): Map<RateField, number> {
  const flat = new Map<RateField, number>();
  for (const field of PLAIN_FIELDS) {
    const price = rates[field];
    if (price !== undefined) flat.set(field, price);
  }
  for (const { ttlSeconds, price } of rates.cacheWrite ?? []) flat.set(`cacheWrite.${ttlSeconds}`, price);
  return flat;
}

/** The row that has these prices. */
export function toRates(flat: ReadonlyMap<RateField, number>): Rates {
  const rates: Rates = {};
  for (const field of PLAIN_FIELDS) {
    const price = flat.get(field);
    if (price !== undefined) rates[field] = price;
  }
  const writes = [...flat].flatMap(([field, price]) => {
    const ttl = /^cacheWrite\.(\d+)$/.exec(field)?.[1];
    return ttl ? [{ ttlSeconds: Number(ttl), price }] : [];
  });
  if (writes.length > 0) rates.cacheWrite = writes.sort((a, b) => a.ttlSeconds - b.ttlSeconds);
  return rates;
}

/** What a page says on top of what was known: its prices replace, its `null`s remove, the rest stays. */
export function overlayRates(known: Rates, said: FlatRates): Rates {
  const flat = flattenRates(known);
  for (const [field, price] of fieldsOf(said)) {
    if (price === null) flat.delete(field);
    else flat.set(field, price);
  }
  return toRates(flat);
}

/** The entries of what a page says, typed. */
export function fieldsOf(said: FlatRates): [RateField, number | null][] {
  const fields: [RateField, number | null][] = [];
  for (const field of PLAIN_FIELDS) {
    const price = said[field];
    if (price !== undefined) fields.push([field, price]);
  }
  for (const key of Object.keys(said)) {
    const ttl = /^cacheWrite\.(\d+)$/.exec(key)?.[1];
    if (!ttl) continue;
    const field = `cacheWrite.${Number(ttl)}` as const;
    const price = said[field];
    if (price !== undefined) fields.push([field, price]);
  }
  return fields;
}

/** Whether two prices are the same one, whatever the last bit of a product says. */
export function isSamePrice(one: number | null | undefined, other: number | null | undefined): boolean {
  if (typeof one !== 'number' || typeof other !== 'number') return (one ?? null) === (other ?? null);
  return Math.abs(one - other) < 1e-9;
}
