import type { Model, PriceRow } from './schema.ts';

/** One difference between two catalogues, in the terms people ask about. */
export type Change =
  | { type: 'model-added'; provider: string; model: string }
  /** It is in the old catalogue only. Nothing deletes it: old requests have to be priced. */
  | { type: 'model-missing'; provider: string; model: string }
  | {
      type: 'price-changed';
      provider: string;
      model: string;
      row: string;
      field: string;
      old: number | null;
      new: number | null;
    }
  | { type: 'field-changed'; provider: string; model: string; field: string; old: unknown; new: unknown };

/** Where facts come from is no difference between two models. */
const IGNORED_FIELDS: ReadonlySet<string> = new Set(['prices', 'provenance']);

/** What changed from one catalogue to another, in the order of the newer one. */
export function diffModels(before: readonly Model[], after: readonly Model[]): Change[] {
  const old = new Map(before.map((model) => [addressOf(model), model]));
  const changes: Change[] = [];
  for (const model of after) {
    const previous = old.get(addressOf(model));
    const { provider, id } = model;
    if (!previous) changes.push({ type: 'model-added', provider, model: id });
    else changes.push(...diffPrices(previous, model), ...diffFields(previous, model));
    old.delete(addressOf(model));
  }
  for (const { provider, id } of old.values()) changes.push({ type: 'model-missing', provider, model: id });
  return changes;
}

/** One line for people. */
export function describeChange(change: Change): string {
  const name = `${change.provider}/${change.model}`;
  switch (change.type) {
    case 'model-added':
      return `+ ${name}`;
    case 'model-missing':
      return `? ${name} is not in the new catalogue; it is kept`;
    case 'price-changed':
      return `~ ${name}: ${change.row} ${change.field}: ${priceText(change.old)} → ${priceText(change.new)}${ratioText(change)}`;
    case 'field-changed':
      return `~ ${name}: ${change.field}: ${JSON.stringify(change.old)} → ${JSON.stringify(change.new)}`;
    default:
      return change satisfies never;
  }
}

function diffPrices(before: Model, after: Model): Change[] {
  const old = new Map(before.prices.flatMap(pricesOf));
  const now = new Map(after.prices.flatMap(pricesOf));
  const keys = [...new Set([...old.keys(), ...now.keys()])];
  return keys.flatMap((key) => {
    const [was, is] = [old.get(key) ?? null, now.get(key) ?? null];
    if (was === is) return [];
    const [row = '', field = ''] = key.split('|');
    return [
      { type: 'price-changed' as const, provider: after.provider, model: after.id, row, field, old: was, new: is },
    ];
  });
}

/** Every price of a row by what names it: `standard, over 272000, from 2026-12-01|input`. */
function pricesOf(row: PriceRow): [string, number][] {
  const name = [
    row.tier,
    ...(row.promptOver > 0 ? [`over ${row.promptOver}`] : []),
    ...(row.from ? [`from ${row.from}`] : []),
    ...(row.until ? [`until ${row.until}`] : []),
    ...(row.region === 'global' ? [] : [row.region]),
  ].join(', ');
  const { cacheWrite = [], ...rates } = row.rates;
  const flat: [string, number][] = cacheWrite.map(({ ttlSeconds, price }) => [
    `${name}|cacheWrite ${ttlSeconds} s`,
    price,
  ]);
  for (const [field, price] of Object.entries(rates)) if (price !== undefined) flat.push([`${name}|${field}`, price]);
  return flat;
}

function diffFields(before: Model, after: Model): Change[] {
  const old = new Map(Object.entries(before));
  return Object.entries(after).flatMap(([field, value]) => {
    if (IGNORED_FIELDS.has(field)) return [];
    const was = old.get(field);
    if (JSON.stringify(was) === JSON.stringify(value)) return [];
    return [{ type: 'field-changed' as const, provider: after.provider, model: after.id, field, old: was, new: value }];
  });
}

function addressOf({ provider, id }: Model): string {
  return `${provider}/${id}`;
}

function priceText(price: number | null): string {
  return price === null ? 'none' : `$${price}`;
}

function ratioText({ old, new: now }: { old: number | null; new: number | null }): string {
  return old && now ? ` (×${Number((now / old).toFixed(3))})` : '';
}
