import { expect, test } from 'bun:test';
import { createTestDashboard } from './fixture.ts';

test('a person takes their key out of comparisons and back in, and the rest of its policy stays', async () => {
  const dashboard = createTestDashboard();
  const member = await dashboard.signIn('member');
  const rules = [{ name: 'code', when: { kinds: ['code'] }, minComplexity: 'complex' as const }];
  const plain = (await dashboard.keys.create({ name: 'plain', userId: member.id })).row.id;
  const ruled = (await dashboard.keys.create({ name: 'ruled', userId: member.id, policy: { rules } })).row.id;
  const policyOf = async (id: string) => (await dashboard.keys.find(member, id))?.policy;
  const save = (id: string, fields: Record<string, string>) =>
    dashboard.browser.submit(`/dashboard/keys/${id}/policy`, fields);

  for (const id of [plain, ruled]) await save(id, { isNeverCompared: 'on' });
  expect(await policyOf(plain)).toEqual({ shadow: false, rules: [] });
  expect(await policyOf(ruled)).toEqual({ shadow: false, rules });
  const { html } = await dashboard.browser.get(`/dashboard/keys/${plain}`);
  expect(html).toMatch(/name="isNeverCompared"[^>]* checked|checked[^>]* name="isNeverCompared"/);

  for (const id of [plain, ruled]) await save(id, {});
  expect([await policyOf(plain), await policyOf(ruled)]).toEqual([null, { rules }]);

  await dashboard.browser.submit('/dashboard/keys', { name: 'new', isNeverCompared: 'on' });
  const made = (await dashboard.keys.list(member)).find(({ name }) => name === 'new');
  expect(made?.policy).toEqual({ rules: [], shadow: false });
});
