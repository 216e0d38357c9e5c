import { expect, test } from 'bun:test';
import { createCallIds } from './call-ids.ts';

const legal = (id: string): string => (id === '' ? 'none' : id.slice(0, 6));

test('a legal id stays as it is, for its call and its result', () => {
  const ids = createCallIds(legal);
  expect([ids.forCall('call_1'), ids.forResult('call_1')]).toEqual(['call_1', 'call_1']);
});

test('an id that comes again is another one, and results find their calls in order', () => {
  const ids = createCallIds(legal);
  expect([ids.forCall('a'), ids.forCall('a'), ids.forResult('a'), ids.forResult('a')]).toEqual([
    'a',
    'a_2',
    'a',
    'a_2',
  ]);
  expect([ids.forCall('a'), ids.forResult('a'), ids.forResult('a')]).toEqual(['a_3', 'a_3', 'a_3']);
});

test('an id made unique is legal, too', () => {
  const ids = createCallIds((id) => (id.length > 6 ? `h${Bun.hash(id) % 1000n}` : id));
  const all = [ids.forCall('call_1'), ids.forCall('call_1'), ids.forCall('call_1')];
  expect(new Set(all).size).toBe(3);
  for (const id of all) expect(id.length).toBeLessThanOrEqual(6);
});

test('without an id, calls and results still get the same', () => {
  const ids = createCallIds(legal);
  expect([ids.forCall(''), ids.forCall(''), ids.forResult(''), ids.forResult('')]).toEqual([
    'none',
    'none_2',
    'none',
    'none_2',
  ]);
});
