import { expect, test } from 'bun:test';
import { applyPolicy, RoutePolicy } from './route-policy.ts';

const policy = RoutePolicy.parse({
  deniedModels: ['old'],
  rules: [
    { name: 'code', when: { kinds: ['code'] }, minComplexity: 'complex' },
    { name: 'acme', when: { metadata: { team: 'acme' } }, allowedModels: ['small'], strategy: 'cost' },
  ],
  experiment: {
    name: 'canary',
    stickyBy: 'user',
    arms: [{ name: 'new', percent: 10, allowedModels: ['brand-new'] }],
  },
});

const ask = (more: Partial<Parameters<typeof applyPolicy>[1]> = {}) =>
  applyPolicy(policy, { kinds: ['general'], metadata: {}, conversation: 'c1', ...more });

test('the first rule that matches adds to what holds for all', () => {
  expect(ask({ kinds: ['code'] })).toMatchObject({ rule: 'code', minComplexity: 'complex', deniedModels: ['old'] });
  expect(ask({ metadata: { team: 'acme' } })).toMatchObject({ rule: 'acme', strategy: 'cost' });
  expect(ask({ metadata: { team: 'other' } }).rule).toBeNull();
});

test('a caller stays in one arm, and the arms get their share', () => {
  const armOf = (user: string) => ask({ metadata: { user }, conversation: `${Math.random()}` }).arm;
  const arms = Array.from({ length: 4_000 }, (_, index) => armOf(`user ${index}`));
  const share = arms.filter((arm) => arm === 'canary/new').length / arms.length;
  expect(Math.abs(share - 0.1)).toBeLessThan(0.02);
  for (let index = 0; index < 50; index++) expect(armOf(`user ${index}`)).toBe(arms[index] ?? null);
});

test('what nobody could mean is refused', () => {
  const parse = (value: unknown) => RoutePolicy.safeParse(value).success;
  expect(parse({ rules: [{ name: 'x', when: {}, minComplexity: 'hardest' }] })).toBe(false);
  expect(
    parse({
      experiment: {
        name: 'x',
        arms: [
          { name: 'a', percent: 60 },
          { name: 'b', percent: 60 },
        ],
      },
    }),
  ).toBe(false);
  expect(parse({ alowedModels: ['a'] })).toBe(false);
  expect(parse({ allowedModels: [] })).toBe(false);
});
