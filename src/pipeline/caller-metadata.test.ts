import { expect, test } from 'bun:test';
import { readMetadata } from './caller-metadata.ts';

const headers = (fields: Record<string, string> = {}) => new Headers(fields);

test("the body's metadata and its end user are read, and a header of the same name wins", () => {
  const request = { metadata: { Team: 'search', job: 'nightly' }, user: 'u-17' };
  expect(readMetadata(headers(), request)).toEqual({ user_id: 'u-17', team: 'search', job: 'nightly' });
  const said = headers({ 'x-gateway-metadata-team': 'ads', 'x-other': 'x' });
  expect(readMetadata(said, request)).toEqual({ user_id: 'u-17', team: 'ads', job: 'nightly' });
});

test('what is said in metadata comes before the end user of the same name', () => {
  expect(readMetadata(headers(), { metadata: { user_id: 'named' }, user: 'u-17' })).toEqual({ user_id: 'named' });
});

test('a body says sixteen things at most, in names and words that are not endless', () => {
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`name${index}`, 'v'.repeat(5_000)]));
  const read = readMetadata(headers(), { metadata: many });
  expect(Object.keys(read)).toHaveLength(16);
  expect(new Set(Object.values(read).map((value) => value.length))).toEqual(new Set([200]));
  expect(readMetadata(headers(), { metadata: { ['n'.repeat(61)]: 'x', '': 'y', ['__proto__']: 'z' } })).toEqual({});
});

test('a call without a body says what its headers say', () => {
  expect(readMetadata(headers({ 'X-Gateway-Metadata-Team': 'ads' }))).toEqual({ team: 'ads' });
});
