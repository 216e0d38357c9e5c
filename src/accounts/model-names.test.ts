import { expect, test } from 'bun:test';
import { RoutePolicy } from '../chat/route-policy.ts';
import { GatewayError } from '../errors.ts';
import { demandKnownModels } from './model-names.ts';

const isModel = (name: string) => ['small', 'acme/small', 'large'].includes(name);

function refusal(
  ...[after, before]: [Parameters<typeof demandKnownModels>[1], Parameters<typeof demandKnownModels>[2]?]
) {
  try {
    demandKnownModels(isModel, after, before);
  } catch (error) {
    if (error instanceof GatewayError) return [error.code, error.param, error.facts?.model, error.message];
    throw error;
  }
  return null;
}

test('a name that no model has is refused by name, wherever models can be listed', () => {
  expect(refusal({ limits: { allowedModels: ['small', 'smal'] } })).toEqual([
    ...['invalid_request', 'limits.allowedModels', 'smal', 'There is no model "smal" in the catalogue.'],
  ]);
  const policy = (value: unknown) => ({ policy: RoutePolicy.parse(value) });
  expect(refusal(policy({ deniedModels: ['larg'] }))?.[1]).toBe('policy.deniedModels');
  const rule = { name: 'code', when: { kinds: ['code'] }, allowedModels: ['larg'] };
  expect(refusal(policy({ rules: [rule] }))?.[1]).toBe('policy.rules[0].allowedModels');
  const arms = [
    { name: 'a', percent: 50, allowedModels: ['small'] },
    { name: 'b', percent: 50, deniedModels: ['b'] },
  ];
  expect(refusal(policy({ experiment: { name: 'x', arms } }))?.[1]).toBe('policy.experiment.arms[1].deniedModels');
  expect(refusal(policy({ deniedModels: ['large', 'acme/small'] }))).toBeNull();
});

test('a name that was there before does not stand in the way of another change', () => {
  const before = { limits: { allowedModels: ['retired', 'small'] } };
  expect(refusal({ limits: { allowedModels: ['retired', 'large'] } }, before)).toBeNull();
  expect(refusal({ limits: { allowedModels: ['retired', 'newest'] } }, before)?.[2]).toBe('newest');
});
