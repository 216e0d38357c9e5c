import { expect, test } from 'bun:test';
import { createPasswords, NOBODYS_HASH } from './password.ts';

test('a password is checked whichever way its letters were typed', async () => {
  const passwords = createPasswords();
  const stored = await passwords.hash('Zürich am Morgen');
  expect(await passwords.verify('Zürich am Morgen'.normalize('NFD'), stored)).toBe(true);
  expect(await passwords.verify('Zurich am Morgen', stored)).toBe(false);
});

test('an unknown person is checked with the same work as a known one, and never let in', async () => {
  const passwords = createPasswords();
  const parameters = (hash: string) => hash.split('$').slice(0, 4);
  expect(parameters(NOBODYS_HASH)).toEqual(parameters(await passwords.hash('correct horse battery')));
  expect(await passwords.verify('x', null)).toBe(false);
  expect(await Bun.password.verify('x', NOBODYS_HASH)).toBe(true);
});

test('a crowd waits its turn, and one too large is sent away', async () => {
  const passwords = createPasswords();
  const tries = Array.from({ length: 36 }, () => passwords.verify('x', 'not a hash'));
  const outcomes = await Promise.allSettled(tries);
  const codes = outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.code);
  expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(2);
  expect(await passwords.verify('x', null)).toBe(false);
});
