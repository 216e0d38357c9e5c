import { expect, test } from 'bun:test';
import { parseRequestFilter } from './request-filter.ts';

const parse = (query: string) => parseRequestFilter(new URLSearchParams(query));

test('a query names what a request has to be', () => {
  expect(parse('since=2026-11-01&until=1793664000000&model=m&outcome=failed&minCost=0.0025&key=k&id=01')).toMatchObject(
    {
      since: Date.UTC(2026, 10, 1),
      until: 1_793_664_000_000,
      model: 'm',
      outcome: 'failed',
      minCostNanoUsd: 2_500_000,
      keyIds: ['k'],
      id: '01',
    },
  );
});

test('empty fields and fields of others do not matter', () => {
  const filter = parse('since=&model=&outcome=&status=&cache=&page=2');
  expect(Object.values(filter).every((value) => value === undefined)).toBe(true);
});

test.each([
  ['since=yesterday', 'since'],
  ['status=abc', 'status'],
  ['outcome=great', 'outcome'],
  ['minCost=-1', 'minCost'],
  [`id=${'x'.repeat(300)}`, 'id'],
])('%p is refused by name', (query, param) => {
  expect(() => parse(query)).toThrow(expect.objectContaining({ code: 'invalid_request', param }));
});
