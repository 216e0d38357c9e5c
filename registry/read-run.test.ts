import { expect, test } from 'bun:test';
import { applyDue } from './due.ts';
import { describeEvent, type RegistryEvent } from './events.ts';
import { judgeMove } from './guard.ts';
import type { Page } from './pages.ts';
import { findPriceRow } from './price.ts';
import { type RunResult, readRun } from './read-run.ts';
import { anthropic } from './scrapers/anthropic.ts';
import { anthropicPage, newState, type PriceLine } from './test-pages.ts';

const LINES: PriceLine[] = [
  ['Claude Opus 5', 5, 6.25, 10, 0.5, 25],
  ['Claude Sonnet 5', 2, 2.5, 4, 0.2, 10],
  ['Claude Sonnet 4.6', 3, 3.75, 6, 0.3, 15],
  ['Claude Haiku 4.5', 1, 1.25, 2, 0.1, 5],
  ['Claude Haiku 5.5', 0.1, 0.125, 0.2, 0.01, 0.5],
];
/** So many that one row is less than a tenth of them. */
const many: PriceLine[] = [
  ...LINES,
  ...['Opus', 'Fable', 'Saga', 'Mythos', 'Ode', 'Epic'].map(
    (name): PriceLine => [`Claude ${name} 6`, 5, 6.25, 10, 0.5, 25],
  ),
];
const day = (number: number) => `2026-11-${String(number).padStart(2, '0')}T03:00:00.000Z`;
const scaled = (name: string, factor: number): PriceLine[] =>
  LINES.map((line) =>
    line[0] === name
      ? [name, line[1] * factor, line[2] * factor, line[3] * factor, line[4] * factor, line[5] * factor]
      : line,
  );

function read(page: Page, state = newState()) {
  return readRun(page, anthropic, state);
}
function taken(result: RunResult) {
  if (result.type === 'rejected') throw new Error(result.reasons.join(' '));
  return { state: { ...result.state, approved: new Set<string>() }, events: result.events };
}
const start = (lines = LINES) => taken(read(anthropicPage(lines, day(1)))).state;
const types = (events: readonly RegistryEvent[]) => [...new Set(events.map(({ type }) => type))];
const priceOn = (state: ReturnType<typeof start>, id: string, on: string) => {
  const model = state.file.models.find((one) => one.id === id);
  return model && findPriceRow(model, { promptTokens: 1, at: Date.parse(on) })?.rates.input;
};

test('models of a first page are added, priced, and kept away from automatic choice', () => {
  const { state, events } = taken(read(anthropicPage(LINES, day(1))));
  expect(types(events)).toEqual(['model_added']);
  expect(state.file.models.map(({ status }) => status)).toEqual(Array(5).fill('limited'));
  expect(priceOn(state, 'claude-opus-5', day(1))).toBe(5);
});

test('the same page again changes nothing', () => {
  const before = start();
  const { state, events } = taken(read(anthropicPage(LINES, day(2)), before));
  expect(events).toEqual([]);
  expect(state.file.models.map(({ prices }) => prices)).toEqual(before.file.models.map(({ prices }) => prices));
});

test('a price that changes ends today and the new one begins; requests of yesterday keep theirs', () => {
  const { state, events } = taken(read(anthropicPage(scaled('Claude Sonnet 5', 0.5), day(9)), start()));
  expect(types(events)).toEqual(['price_changed']);
  expect(events).toContainEqual(
    expect.objectContaining({ model: 'claude-sonnet-5', tier: 'standard', field: 'input', old: 2, new: 1, ratio: 0.5 }),
  );
  expect(describeEvent(events[0] as RegistryEvent)).toMatch(
    /^~ anthropic\/claude-sonnet-5: standard \w+.*: \$[\d.]+ → \$[\d.]+ \(×0.5\)$/,
  );
  expect([day(8), day(9)].map((on) => priceOn(state, 'claude-sonnet-5', on))).toEqual([2, 1]);
  expect(state.file.models[1]?.provenance).toMatchObject({
    fetchedAt: day(9),
    parser: 'anthropic/pipe-tables',
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test.each([
  [0.2, 'accept'],
  [5, 'accept'],
  [5.1, 'hold'],
  [10, 'hold'],
  [0.19, 'hold'],
  [0.1, 'hold'],
  [0.099, 'quarantine'],
  [10.1, 'quarantine'],
  [1500, 'quarantine'],
  [0, 'quarantine'],
] as const)('a price times %p: %s', (ratio, verdict) => {
  expect(judgeMove({ old: 1, new: ratio, ratio })).toBe(verdict);
});

test('a price times exactly 0.2 is taken, whatever the arithmetic makes of it', () => {
  expect(judgeMove({ old: 0.1, new: 0.02, ratio: 0.02 / 0.1 })).toBe('accept');
});

test('a price times seven waits for a second run, and a third that disagrees starts over', () => {
  const page = (factor: number, on: number) => anthropicPage(scaled('Claude Haiku 5.5', factor), day(on));
  const first = taken(read(page(7, 2), start()));
  expect(types(first.events)).toEqual(['price_held']);
  expect(priceOn(first.state, 'claude-haiku-5-5', day(2))).toBe(0.1);
  expect(types(taken(read(page(8, 3), first.state)).events)).toEqual(['price_held']);
  const second = taken(read(page(7, 3), first.state));
  expect(types(second.events)).toEqual(['price_changed']);
  expect(priceOn(second.state, 'claude-haiku-5-5', day(3))).toBeCloseTo(0.7);
});

test('a slip of a unit is never taken, unless the operator says so', () => {
  const page = anthropicPage(scaled('Claude Haiku 5.5', 1000), day(2));
  let { state, events } = taken(read(page, start()));
  expect(types(events)).toContain('price_quarantined');
  ({ state, events } = taken(read({ ...page, fetchedAt: day(3) }, state)));
  expect(priceOn(state, 'claude-haiku-5-5', day(3))).toBe(0.1);
  const approved = taken(read({ ...page, fetchedAt: day(4) }, { ...state, approved: new Set(['claude-haiku-5-5']) }));
  expect(priceOn(approved.state, 'claude-haiku-5-5', day(4))).toBe(100);
});

test('what the operator pinned stays, and the difference is told', () => {
  const before = start();
  for (const model of before.file.models) model.provenance.pinned = model.id === 'claude-sonnet-5';
  const { state, events } = taken(read(anthropicPage(scaled('Claude Sonnet 5', 2), day(2)), before));
  expect(types(events)).toEqual(['price_pinned']);
  expect(priceOn(state, 'claude-sonnet-5', day(2))).toBe(2);
});

test('a model that is gone is missed three days, then retired, and priced for ever; it may return', () => {
  let state = start();
  const without = LINES.filter(([name]) => name !== 'Claude Sonnet 4.6');
  const seen: string[][] = [];
  for (const on of [2, 2, 3, 4, 5]) {
    const run = taken(read(anthropicPage(without, on === 2 ? day(2) : day(on)), state));
    state = run.state;
    seen.push(run.events.map(({ type }) => type));
  }
  expect(seen).toEqual([['model_missing'], [], ['model_missing'], ['model_missing', 'model_retired'], []]);
  expect(state.file.models.find(({ id }) => id === 'claude-sonnet-4-6')?.status).toBe('retired');
  expect(priceOn(state, 'claude-sonnet-4-6', day(5))).toBe(3);
  const back = taken(read(anthropicPage(LINES, day(6)), state));
  expect(types(back.events)).toEqual(['model_returned']);
  expect(back.state.file.models.find(({ id }) => id === 'claude-sonnet-4-6')?.status).toBe('limited');
});

test('an announced price is a row of its own, and may be called off', () => {
  const announced: PriceLine[] = [
    ...LINES.filter(([name]) => name !== 'Claude Sonnet 5'),
    ['Claude Sonnet 5 through November 30, 2026', 2, 2.5, 4, 0.2, 10],
    ['Claude Sonnet 5 starting December 1, 2026', 3, 3.75, 6, 0.3, 15],
  ];
  const first = taken(read(anthropicPage(announced, day(2)), start()));
  expect(first.events).toMatchObject([{ type: 'price_scheduled', from: '2026-12-01' }]);
  expect(['2026-11-30', '2026-12-01'].map((on) => priceOn(first.state, 'claude-sonnet-5', on))).toEqual([2, 3]);
  expect(taken(read(anthropicPage(announced, day(3)), first.state)).events).toEqual([]);
  expect(applyDue(first.state.file.models, { since: '2026-11-30', day: '2026-12-01' }).events).toMatchObject([
    { type: 'promo_ended', model: 'claude-sonnet-5', from: '2026-12-01', field: 'input' },
  ]);
  const off = taken(read(anthropicPage(LINES, day(4)), first.state));
  expect(off.events).toMatchObject([{ type: 'price_schedule_cancelled', from: '2026-12-01' }]);
  expect(priceOn(off.state, 'claude-sonnet-5', '2026-12-01')).toBe(2);
});

test.each<[string, (lines: PriceLine[]) => Page, RegExp]>([
  ['a page without prices', () => anthropicPage([], day(2)), /no prices/],
  ['a page with three of five models', (lines) => anthropicPage(lines.slice(0, 3), day(2)), /only 3 of the 5/],
  ['a page without an anchor', (lines) => anthropicPage(lines.slice(1), day(2)), /lacks claude-opus-5/],
  [
    'a page that changes two of five models',
    (lines) =>
      anthropicPage(
        lines.map((line, index) => (index < 2 ? [line[0], line[1] * 2, line[2], line[3], line[4], line[5]] : line)),
        day(2),
      ),
    /prices of 2 of 5/,
  ],
  [
    'a page of torn rows',
    (lines) => {
      const page = anthropicPage(lines, day(2));
      return { ...page, text: page.text.replace('$25 / MTok', '$25 / MTok1') };
    },
    /1 of 5 rows are no prices/,
  ],
  [
    'a browser check',
    () => ({ ...anthropicPage([], day(2)), text: '<script>window._cf_chl_opt={}</script>' }),
    /browser check/,
  ],
  ['a page that is older than the last', (lines) => anthropicPage(lines, '2026-10-01T00:00:00.000Z'), /older/],
])('%s is rejected whole', (_, page, reason) => {
  const result = read(page(LINES), start());
  expect(result.type).toBe('rejected');
  if (result.type === 'rejected') expect(result.reasons.join(' ')).toMatch(reason);
});

test('an older page does not undo what was read by hand from a later one', () => {
  const before = start();
  for (const model of before.file.models) model.provenance.fetchedAt = '2026-11-20';
  const older: PriceLine[] = [...scaled('Claude Sonnet 5', 2), ['Claude Opus 4.5', 5, 6.25, 10, 0.5, 25]];
  const { state, events } = taken(read(anthropicPage(older, day(2)), before));
  expect(events).toEqual([]);
  expect(state.file.models).toHaveLength(LINES.length);
  expect(priceOn(state, 'claude-sonnet-5', day(21))).toBe(2);
});

test('the last day of a model comes without a page', () => {
  const [model] = start().file.models;
  if (!model) throw new Error('there is a model');
  const going = { ...model, status: 'deprecated' as const, retires: { on: '2026-12-01', exact: true } };
  const due = (fields: object, on: string) => applyDue([{ ...going, ...fields }], { since: '2026-11-30', day: on });
  expect(due({}, '2026-11-30').events).toEqual([]);
  expect(due({}, '2026-12-01')).toMatchObject({
    models: [{ status: 'retired' }],
    events: [{ type: 'model_retired', reason: 'due' }],
  });
  expect(due({ redirectsTo: 'x' }, '2026-12-01')).toMatchObject({
    models: [{ status: 'redirected' }],
    events: [{ type: 'model_redirected', to: 'x' }],
  });
  expect(due({ retires: { on: '2026-12-01', exact: false } }, '2027-01-01').events).toEqual([]);
});

test('a model that has the prices of one that vanished waits for a second look', () => {
  // The lines from the end of one model to the end of the other's name were lost.
  const torn = LINES.filter(([name]) => name !== 'Claude Sonnet 4.6').map(
    (line): PriceLine => (line[0] === 'Claude Sonnet 5' ? [line[0], 3, 3.75, 6, 0.3, 15] : line),
  );
  const { state, events } = taken(read(anthropicPage(torn, day(2)), start()));
  expect(types(events)).toEqual(['price_held', 'model_missing']);
  expect(priceOn(state, 'claude-sonnet-5', day(2))).toBe(2);
  expect(state.memory.waiting[0]).toMatchObject({ verdict: 'held', model: 'claude-sonnet-5', old: 2, new: 3 });
  const again = taken(read(anthropicPage(torn, day(3)), state));
  expect(priceOn(again.state, 'claude-sonnet-5', day(3))).toBe(3);
  expect(again.state.memory.waiting).toEqual([]);
});

test('a model whose row cannot be read is neither missing nor changed', () => {
  const page = anthropicPage(many, day(2));
  const text = page.text.replace('| Claude Sonnet 4.6 | $3 / MTok', '| Claude Sonnet 4.6 | $3 / MTok1');
  const { state, events } = taken(read({ ...page, text }, start(many)));
  expect(types(events)).toEqual(['row_error']);
  expect(priceOn(state, 'claude-sonnet-4-6', day(2))).toBe(3);
  expect(state.memory.missing).toEqual({});
});

test('a model that is on the page with two prices has none of them', () => {
  const twice = [...many, ...many.slice(2, 3).map(([name]): PriceLine => [name, 4, 5, 8, 0.4, 20])];
  const { state, events } = taken(read(anthropicPage(twice, day(2)), start(many)));
  expect(types(events)).toEqual(['row_error']);
  expect(priceOn(state, 'claude-sonnet-4-6', day(2))).toBe(3);
});

test('a run that the guard rejects is taken on the operator’s word, a page that is none is not', () => {
  const dearer = LINES.map(
    ([name, ...prices]): PriceLine => [name, prices[0] * 2, prices[1] * 2, prices[2] * 2, prices[3] * 2, prices[4] * 2],
  );
  const approved = { ...start(), isRunApproved: true };
  expect(readRun(anthropicPage(dearer, day(2)), anthropic, start()).type).toBe('rejected');
  expect(
    priceOn(taken(readRun(anthropicPage(dearer, day(2)), anthropic, approved)).state, 'claude-opus-5', day(2)),
  ).toBe(10);
  const none = { ...anthropicPage([], day(2)) };
  expect(readRun(none, anthropic, approved).type).toBe('rejected');
  expect(readRun({ ...none, text: '<script>_cf_chl_opt</script>' }, anthropic, approved).type).toBe('rejected');
});
