import { describe, expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { applyDue } from './due.ts';
import { createRegistry, parseRegistryFile } from './load.ts';
import { findPriceRow } from './price.ts';
import type { Model, PriceRow } from './schema.ts';

const { models } = parseRegistryFile(readFileSync(join(import.meta.dir, 'models.json'), 'utf8'), 'models.json');
const registry = createRegistry(models);
const active = registry.listActive();
const TODAY = Date.parse('2026-11-23T12:00:00Z');
const NEXT_YEAR = Date.parse('2027-01-15T12:00:00Z');

const standardRow = (model: Model, at: number) => findPriceRow(model, { promptTokens: 1000, at });
const named = (list: readonly Model[]): [string, Model][] => list.map((model) => [model.id, model]);
const cost = (id: string, at: string) => standardRow(registry.find(id)!, Date.parse(at))?.rates;

describe.each(named(active))('%s', (_id, model) => {
  test('has a standard price today and after the scheduled changes', () => {
    for (const at of [TODAY, NEXT_YEAR]) expect(standardRow(model, at)?.rates).toHaveProperty('input');
  });

  test('was confirmed by two catalogues', () => {
    expect(model.provenance.confirmedBy.length).toBeGreaterThanOrEqual(2);
  });
});

describe.each(named(models))('%s', (_id, model) => {
  test('asks no less for output than for input, and less for a cached prompt', () => {
    for (const { rates } of model.prices) {
      const { input = 0, output, cacheRead, cacheWrite = [] } = rates;
      if (model.modalities.out.includes('text') && output !== undefined) expect(output).toBeGreaterThanOrEqual(input);
      if (cacheRead !== undefined) expect(cacheRead).toBeLessThan(input);
      for (const write of cacheWrite) expect(write.price).toBeGreaterThanOrEqual(input);
    }
  });

  test('has no gap between dated prices', () => {
    for (const rows of periods(model)) {
      expect(rows[0]?.from).toBeNull();
      expect(rows.at(-1)?.until).toBeNull();
      for (const [index, row] of rows.slice(1).entries()) expect(row.from).toBe(rows[index]?.until ?? null);
    }
  });

  test('is nowhere free', () => {
    const prices = model.prices
      .flatMap(({ rates }) => Object.values(rates))
      .filter((price) => typeof price === 'number');
    expect(Math.min(...prices)).toBeGreaterThan(0);
  });
});

/** The rows that follow one another: of the same tier, band and region, by date. */
function periods(model: Model): PriceRow[][] {
  const groups = Object.groupBy(model.prices, ({ tier, promptOver, region }) => `${tier} ${promptOver} ${region}`);
  return Object.values(groups).map((rows = []) => rows.toSorted((a, b) => (a.from ?? '').localeCompare(b.from ?? '')));
}

test('the scheduled changes fall on their days', () => {
  expect(cost('gemini-4-argon', '2026-11-30T23:59:59Z')).toMatchObject({ input: 2, cacheRead: 0.1, output: 10 });
  expect(cost('gemini-4-argon', '2026-12-01T00:00:00Z')).toMatchObject({ input: 4, cacheRead: 0.2, output: 20 });
  for (const id of ['gemini-3.8-flash', 'gemini-3.6-flash']) {
    expect(cost(id, '2026-12-31T23:59:59Z')).toMatchObject({ input: 0.75, cacheRead: 0.075, output: 3.75 });
    expect(cost(id, '2027-01-01T00:00:00Z')).toMatchObject({ input: 1.5, cacheRead: 0.15, output: 7.5 });
  }
  expect(cost('claude-sonnet-5-5', '2026-10-06T12:00:00Z')).toMatchObject({ cacheRead: 0.2 });
  expect(cost('claude-sonnet-5-5', '2026-10-07T12:00:00Z')).toMatchObject({ cacheRead: 0.1 });
  expect(cost('gpt-5.6-sol', '2026-08-20T12:00:00Z')).toMatchObject({ input: 5, output: 30 });
  expect(cost('gpt-5.6-sol', '2026-11-23T12:00:00Z')).toMatchObject({ input: 4, output: 20 });
});

test('the redirects of 2026-12-01 take effect at midnight, UTC, without a page', () => {
  const [before, after] = [Date.parse('2026-11-30T23:59:59.999Z'), Date.parse('2026-12-01T00:00:00Z')];
  for (const [id, target] of [
    ['gemini-2.5-pro', 'gemini-3.8-flash'],
    ['gemini-2.5-flash', 'gemini-3.5-flash-lite'],
  ] as const) {
    expect(registry.find(id, before)?.id).toBe(id);
    expect(registry.find(id, after)?.id).toBe(target);
    expect(registry.listActive(before).some((model) => model.id === id)).toBe(true);
    expect(registry.listActive(after).some((model) => model.id === id)).toBe(false);
  }
  const { events } = applyDue(models, { since: '2026-11-30', day: '2026-12-01' });
  expect(events.map((event) => ('model' in event ? `${event.type} ${event.model}` : event.type)).sort()).toEqual(
    expect.arrayContaining([
      'model_redirected gemini-2.5-flash',
      'model_redirected gemini-2.5-pro',
      'promo_ended gemini-4-argon',
    ]),
  );
});

test('retired ids lead to the model that answers for them, from the day it does', () => {
  expect(registry.find('gemini-3.7-flash', TODAY)?.id).toBe('gemini-3.8-flash');
  expect(registry.find('gemini-3.5-flash', TODAY)?.id).toBe('gemini-3.6-flash');
  expect(registry.find('gemini-2.5-pro', TODAY)?.id).toBe('gemini-2.5-pro');
  expect(registry.find('gemini-2.5-pro', NEXT_YEAR)?.id).toBe('gemini-3.8-flash');
  expect(registry.find('gemini-2.5-flash', NEXT_YEAR)?.id).toBe('gemini-3.5-flash-lite');
});

test('a dated snapshot with a price of its own is a model of its own', () => {
  expect(registry.find('gpt-4o-2024-11-20')?.id).toBe('gpt-4o');
  expect(cost('gpt-4o-2024-05-13', '2026-01-01T00:00:00Z')).toMatchObject({ input: 5, output: 15 });
});

describe('the quality scores', () => {
  const overall = (id: string) => registry.find(id)!.quality.overall!.score;

  test('say who measured, or that they are estimates', () => {
    for (const model of active) {
      const { overall: score } = model.quality;
      if (score) expect(score.source).toMatch(/^(estimate: |Artificial Analysis)/);
    }
  });

  test('do not fall from one model of a line to the next', () => {
    for (const line of Object.values(Object.groupBy(active, ({ family }) => family))) {
      const scores = (line ?? []).flatMap(({ quality }) => quality.overall?.score ?? []);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    }
  });

  test.each<string[]>([
    ['gpt-6-astra', 'gpt-6.1-sol', 'gpt-6.1-terra', 'gpt-6-luna'],
    ['gpt-5.6-sol', 'gpt-5.6-terra', 'gpt-5.6-luna'],
    ['gpt-5.4-pro', 'gpt-5.4', 'gpt-5.4-mini', 'gpt-5.4-nano'],
    ['claude-fable-5-2', 'claude-opus-5-5', 'claude-sonnet-5-5', 'claude-haiku-5-5'],
    ['gemini-4-argon', 'gemini-3.8-flash', 'gemini-3.5-flash-lite'],
    ['gemini-3.1-pro-preview', 'gemini-3-flash-preview', 'gemini-3.1-flash-lite'],
    ['gemini-2.5-pro', 'gemini-2.5-flash', 'gemini-2.5-flash-lite'],
  ])('rank %s first of its generation', (...line) => {
    const scores = line.map(overall);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });
});

const catalogues = join(import.meta.dir, '../../shared/registry/truth/union.json');
if (!existsSync(catalogues)) console.log('Skipped: prices against other catalogues, which are not beside the project.');

describe.skipIf(!existsSync(catalogues))('against other catalogues', () => {
  const Source = z.object({ input: z.number().optional(), output: z.number().optional() });
  const Entry = z.object({ provider: z.string(), model: z.string(), sources: z.record(z.string(), Source) });
  const entries = existsSync(catalogues) ? z.array(Entry).parse(JSON.parse(readFileSync(catalogues, 'utf8'))) : [];

  test.each(named(active))('%s costs today what two of them say, or tells why not', (_id, model) => {
    const row = standardRow(model, TODAY);
    const names = [model.id, ...model.aliases.map(({ id }) => id)];
    const agreeing = new Set<string>();
    for (const { provider, model: id, sources } of entries) {
      if (provider !== model.provider || !names.includes(id)) continue;
      for (const [source, { input, output }] of Object.entries(sources)) {
        if (source.startsWith('OFFICIAL')) continue;
        if (input === row?.rates.input && output === row?.rates.output) agreeing.add(source.split('@')[0] ?? source);
      }
    }
    if (agreeing.size < 2) expect(row?.note).toBeString();
    else expect(agreeing.size).toBeGreaterThanOrEqual(2);
  });
});
