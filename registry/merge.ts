import { type Circumstances, isAccepted } from './accept.ts';
import type { PageProvenance, RegistryEvent } from './events.ts';
import { newModel } from './new-model.ts';
import { applyOffer, holdsOn, isOf, movesOf, type Offer, rowOn } from './offers.ts';
import type { Model, PriceRow } from './schema.ts';
import { modelsSeen, type ProviderMemory } from './update-memory.ts';

/** A model is retired when this many days in a row did not find it. */
const MISSES_TO_RETIRE = 3;

/** A page that is believed, and what there was before it. */
export interface MergeInput {
  provider: string;
  /** The provider's models. */
  models: readonly Model[];
  offers: readonly Offer[];
  /** Models whose prices are on the page and could not be read. */
  unread: ReadonlySet<string>;
  memory: ProviderMemory;
  shape: string;
  provenance: PageProvenance;
  /** Ids of models whose held and quarantined prices the operator takes. */
  approved: ReadonlySet<string>;
  /** Whether a catalogue of somebody else has the same prices. */
  confirms: (offer: Offer) => boolean;
}

interface Merged {
  models: Model[];
  memory: ProviderMemory;
  events: RegistryEvent[];
}

/**
 * The provider's models after a page. Pinned models stay as they are; prices that changed get a new row and the old one an
 * end; models the page lacks are counted and in the end retired, but never taken away, because old requests have to be priced.
 */
export function mergePage(input: MergeInput): Merged {
  const { provider, provenance, offers, memory, shape } = input;
  const day = provenance.fetchedAt.slice(0, 10);
  const events: RegistryEvent[] = [];
  const report = (event: EventWithoutPage) => events.push({ ...event, provider, provenance });
  const held: ProviderMemory['held'] = {};
  const waiting: ProviderMemory['waiting'] = [];
  const models = new Map(input.models.map((model) => [model.id, model]));

  const found = new Set([...input.unread, ...offers.map(({ model }) => model)]);
  const vanished = input.models.filter(({ id, status }) => !found.has(id) && status !== 'retired');

  const keys = offers.map(({ key }) => key);
  const isSameShape = memory.lastGood?.shape === shape;
  // What another shape of the page leaves out is no damage.
  const isDamaged = input.unread.size > 0 || (isSameShape && memory.keys.some((key) => !keys.includes(key)));

  for (const [id, own] of Map.groupBy(offers, ({ model }) => model)) {
    const known = models.get(id);
    const merged = mergeModel({ ...input, id, own, known, day, held, waiting, vanished, isDamaged, report });
    if (merged) models.set(id, merged);
  }
  if (isSameShape) withdrawLists({ models, memory, keys: new Set(keys), unread: input.unread, held, day, report });
  // What another shape of the page leaves out is not gone. Whoever was missing before goes on being counted.
  const expected = isSameShape ? modelsSeen(memory) : new Set<string>();
  const missing = countMissing({ models, memory, expected, found, day, report });
  return {
    models: [...models.values()],
    memory: { ...memory, keys: keepMissing(keys, { memory, missing, unread: input.unread }), missing, held, waiting },
    events,
  };
}

type EventWithoutPage = RegistryEvent extends infer E
  ? E extends unknown
    ? Omit<E, 'provider' | 'provenance'>
    : never
  : never;
type Report = (event: EventWithoutPage) => void;

interface OneModel extends MergeInput, Omit<Circumstances, 'report'> {
  id: string;
  own: readonly Offer[];
  known: Model | undefined;
  report: Report;
}

function mergeModel(input: OneModel): Model | null {
  const { id, own, known, day, provenance, report } = input;
  // What was read from a later page is not undone by an older one, and what only an older one has is not new.
  if (known ? isLater(known, day) : input.models.some((model) => isLater(model, day))) return null;
  if (known?.provenance.pinned) {
    for (const move of own.flatMap((offer) => movesOf(offer, known, day))) report({ type: 'price_pinned', ...move });
    return null;
  }
  const model = known ?? newModel({ id, name: own[0]?.segments[0]?.name ?? id, provider: input.provider, provenance });
  let prices: readonly PriceRow[] = model.prices;
  const taken = own.filter((offer) => isAccepted(offer, model, input));
  for (const offer of taken) prices = takeOffer(prices, offer, input);
  prices = endMovedBands(prices, taken, input);
  if (!known) {
    if (prices.length === 0) return null;
    report({ type: 'model_added', model: id });
  }
  return withStatus({ ...model, prices: [...prices], provenance: { ...model.provenance, ...provenance } }, input);
}

/** Where prompts are divided at another size than before, the old division ends: a prompt is in one band only. */
function endMovedBands(
  prices: readonly PriceRow[],
  taken: readonly Offer[],
  { own, day, report }: OneModel,
): PriceRow[] {
  return prices.flatMap((row) => {
    const isOfTier = ({ tier, promptOver }: Offer) => tier === row.tier && promptOver > 0;
    const isLeft = row.promptOver > 0 && row.region === 'global' && holdsOn(row, day);
    if (!isLeft || !taken.some(isOfTier) || own.some((offer) => isOf(row, offer))) return [row];
    const [{ model = '' } = {}] = taken;
    report({ type: 'price_withdrawn', model, tier: row.tier, promptOver: row.promptOver });
    return row.from === day ? [] : [{ ...row, until: day }];
  });
}

function takeOffer(prices: readonly PriceRow[], offer: Offer, { known, day, report }: OneModel): PriceRow[] {
  const after = applyOffer(prices, offer, day);
  // A model that is new is one event, not one for each of its prices.
  if (!known) return after;
  const { model, tier, promptOver } = offer;
  for (const move of movesOf(offer, { prices: [...prices] }, day)) {
    if (move.from === null) report({ type: 'price_changed', ...move });
  }
  const futures = (rows: readonly PriceRow[]) =>
    new Set(rows.flatMap((row) => (isOf(row, offer) && row.from && row.from > day ? row.from : [])));
  const [before, now] = [futures(prices), futures(after)];
  for (const from of now) {
    const isChanged = movesOf(offer, { prices: [...prices] }, day).some((move) => move.from === from);
    if (!before.has(from) || isChanged) report({ type: 'price_scheduled', model, tier, promptOver, from });
  }
  for (const from of before)
    if (!now.has(from)) report({ type: 'price_schedule_cancelled', model, tier, promptOver, from });
  return after;
}

function withStatus(model: Model, { own, report }: OneModel): Model {
  const said = own.flatMap(({ segments }) => segments.flatMap(({ status }) => status ?? []))[0];
  if (said === 'retired' && model.status !== 'retired' && model.status !== 'redirected') {
    report({ type: 'model_retired', model: model.id, reason: 'page' });
    return { ...model, status: 'retired' };
  }
  if (said === 'deprecated' && (model.status === 'active' || model.status === 'legacy' || model.status === 'preview')) {
    report({ type: 'model_deprecated', model: model.id });
    return { ...model, status: 'deprecated' };
  }
  return model;
}

interface Absence {
  models: Map<string, Model>;
  memory: ProviderMemory;
  day: string;
  report: Report;
}

interface Lists extends Absence {
  keys: ReadonlySet<string>;
  unread: ReadonlySet<string>;
  held: ProviderMemory['held'];
}

/** A price list that the same shape of page had last time and has no more ends today. */
function withdrawLists({ models, memory, keys, unread, held, day, report }: Lists): void {
  for (const key of memory.keys) {
    const [id = '', tier = '', over = ''] = key.split('|');
    const model = models.get(id);
    const isModelThere = [...keys].some((one) => one.startsWith(`${id}|`));
    if (keys.has(key) || !model || !isModelThere || unread.has(id) || model.provenance.pinned || isLater(model, day))
      continue;
    // A band is not gone while the one that takes its place is not believed yet: its prompts would cost what small ones do.
    if (Number(over) > 0 && Object.keys(held).some((one) => one.startsWith(`${id}|${tier}|`))) continue;
    const row = model.prices.find(
      (one) => one.tier === tier && one.promptOver === Number(over) && one.region === 'global',
    );
    const current = row && rowOn(model.prices, row, day);
    if (!current) continue;
    const prices = model.prices.flatMap((one) => {
      if (!isOf(one, current) || (one.until !== null && one.until <= day)) return [one];
      return one === current && one.from !== day ? [{ ...one, until: day }] : [];
    });
    models.set(id, { ...model, prices });
    report({ type: 'price_withdrawn', model: id, tier: current.tier, promptOver: current.promptOver });
  }
}

interface Counted extends Absence {
  expected: ReadonlySet<string>;
  found: ReadonlySet<string>;
}

function countMissing({ models, memory, expected, found, day, report }: Counted): ProviderMemory['missing'] {
  const missing: ProviderMemory['missing'] = {};
  for (const id of new Set([...expected, ...Object.keys(memory.missing)])) {
    const model = models.get(id);
    const before = memory.missing[id];
    if (!model) continue;
    if (found.has(id)) {
      if (before) models.set(id, bringBack(model, before.statusBefore, report));
      continue;
    }
    if (model.provenance.pinned || isLater(model, day)) continue;
    // Several runs of one day are one look at the page.
    if (before?.lastDay === day) {
      missing[id] = before;
      continue;
    }
    const misses = (before?.misses ?? 0) + 1;
    missing[id] = { misses, lastDay: day, statusBefore: before?.statusBefore ?? model.status };
    if (misses <= MISSES_TO_RETIRE) report({ type: 'model_missing', model: id, misses });
    if (misses !== MISSES_TO_RETIRE || model.status === 'retired' || model.status === 'redirected') continue;
    models.set(id, { ...model, status: 'retired' });
    report({ type: 'model_retired', model: id, reason: 'missing' });
  }
  return missing;
}

function bringBack(model: Model, statusBefore: string, report: Report): Model {
  report({ type: 'model_returned', model: model.id });
  const statuses = ['active', 'preview', 'limited', 'legacy', 'deprecated'] as const;
  const status = statuses.find((one) => one === statusBefore);
  return model.status === 'retired' && status ? { ...model, status } : model;
}

/** A model that is missing, or could not be read, is still one of the last good run's, until it is retired. */
function keepMissing(
  keys: readonly string[],
  {
    memory,
    missing,
    unread,
  }: Pick<ProviderMemory, 'missing'> & { memory: ProviderMemory; unread: ReadonlySet<string> },
): string[] {
  const waiting = memory.keys.filter((key) => {
    const id = key.split('|')[0] ?? '';
    return unread.has(id) || (missing[id]?.misses ?? MISSES_TO_RETIRE) < MISSES_TO_RETIRE;
  });
  return [...new Set([...keys, ...waiting])];
}

/** Whether a model's facts are of a later day. */
function isLater({ provenance }: Model, day: string): boolean {
  return provenance.fetchedAt.slice(0, 10) > day;
}
