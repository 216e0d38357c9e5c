import { expect, test } from 'bun:test';
import { applyPolicy, RoutePolicy } from '../../chat/route-policy.ts';
import { ask, judged, routerOf, SKETCHES } from './fixture.ts';

const router = routerOf();
const rulesOf = (policy: unknown, kinds = ['general']) =>
  applyPolicy(RoutePolicy.parse(policy), { kinds, metadata: {}, conversation: 'c' });
const choose = (policy: unknown, kinds?: string[]) =>
  router.choose({ request: ask('auto'), classification: judged('simple'), rules: rulesOf(policy, kinds) });

test('code is never taken for less than the policy says', () => {
  const policy = { rules: [{ name: 'careful', when: { kinds: ['code'] }, minComplexity: 'expert' }] };
  const plain = choose(policy);
  const code = choose(policy, ['code']);
  expect(plain.decision).toMatchObject({ complexity: 'simple', rule: null });
  expect(code.decision).toMatchObject({ complexity: 'expert', rule: 'careful' });
  expect(code.candidates[0]?.model.quality.overall?.score).toBeGreaterThan(
    plain.candidates[0]?.model.quality.overall?.score ?? 100,
  );
});

test('lists narrow what is allowed, and never widen it', () => {
  const names = (policy: unknown) => choose(policy).candidates.map(({ model }) => model.id);
  expect(names({ allowedModels: ['acme/large', 'giant'] }).sort()).toEqual(['giant', 'large']);
  expect(names({ deniedModels: ['small', 'bell/giant'] })).not.toContain('small');
  const arm = { name: 'a', percent: 100, allowedModels: ['tiny', 'large'] };
  expect(names({ allowedModels: ['large'], experiment: { name: 'x', arms: [arm] } })).toEqual(['large']);
  expect(() => choose({ allowedModels: ['nobody'] })).toThrow();
});

test('a model is named in a list by an alias as well', () => {
  const aliases = [{ id: 'small-latest', kind: 'alias' }];
  const sketches = SKETCHES.map((one) => (one.id === 'small' ? { ...one, more: { ...one.more, aliases } } : one));
  const ids = (policy: unknown) =>
    routerOf(sketches)
      .choose({ request: ask('auto:cost'), classification: judged('simple'), rules: rulesOf(policy) })
      .candidates.map(({ model }) => model.id);
  expect(ids({ allowedModels: ['acme/small-latest'] })).toEqual(['small']);
  expect(ids({ deniedModels: ['small-latest'] })).not.toContain('small');
});

test('an arm may choose by another strategy, and the decision names it', () => {
  const arms = [{ name: 'best', percent: 100, strategy: 'quality' }];
  const { decision } = choose({ experiment: { name: 'x', arms } });
  expect(decision).toMatchObject({ strategy: 'quality', arm: 'x/best' });
});
