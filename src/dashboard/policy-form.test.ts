import { beforeEach, expect, test } from 'bun:test';
import { policyInWords } from '../../views/components/policy-words.tsx';
import { plainFrame } from '../../views/frame.ts';
import { RoutePolicy } from '../chat/route-policy.ts';
import { createTestDashboard, HOSTILE } from './fixture.ts';
import { policyFrom, rulesFrom, showPolicy } from './policy-form.ts';

const EXPERIMENT = { name: 'x', arms: [{ name: 'a', percent: 20, strategy: 'quality' }] };
const TEAM = { name: 'team', when: { metadata: { team: 'law' } }, strategy: 'quality' };

let dashboard: ReturnType<typeof createTestDashboard>;
let path: string;

beforeEach(async () => {
  dashboard = createTestDashboard();
  const admin = await dashboard.signIn('admin');
  const { row } = await dashboard.keys.mint(admin, { name: 'app' });
  path = `/dashboard/keys/${row.id}`;
});

const stored = async () => (await dashboard.keys.list({ id: 'admin', email: '', name: '', role: 'admin' }))[0]?.policy;

test('code is never taken for less than complex, by a form', async () => {
  const { browser } = dashboard;
  const fields = { policyStrategy: 'cost', tolerance: '1,5', minComplexity: 'moderate', deniedModels: 'a, b' };
  const saved = await browser.submit(`${path}/policy`, { ...fields, 'min-code': 'complex', 'min-law': 'expert' });
  expect(saved.headers.get('location')).toBe(`${path}?done=key-policy-saved`);
  expect(await stored()).toEqual({
    ...{ strategy: 'cost', qualityTolerance: 0.015, minComplexity: 'moderate', deniedModels: ['a', 'b'] },
    // The hardest first: a request can be of two kinds, and the first rule that fits counts.
    rules: [
      { name: 'law', when: { kinds: ['law'] }, minComplexity: 'expert' },
      { name: 'code', when: { kinds: ['code'] }, minComplexity: 'complex' },
    ],
  });
  const { html } = await browser.get(path);
  expect(html).toMatch(/name="min-code"[^>]*>(?:<option[^>]*>[^<]*<\/option>){3}<option value="complex" selected/);
  expect(html).toContain('value="1.5"');
  const routing = await browser.get('/dashboard/routing');
  expect(routing.html).toContain('by cost · gives up to 1.5% of success · at least moderate · never a, b');
  expect(routing.html).toContain('law at least expert · code at least complex');
});

test('what the fields do not show stays: rules on metadata, experiments, and the rest of a rule', async () => {
  const rule = { name: 'careful', when: { kinds: ['code'] }, minComplexity: 'moderate', strategy: 'quality' };
  const { browser } = dashboard;
  const json = JSON.stringify({ rules: [TEAM, rule], experiment: EXPERIMENT });
  expect((await browser.submit(`${path}/policy/json`, { policyJson: json })).status).toBe(302);
  await browser.submit(`${path}/policy`, { 'min-code': 'expert', 'min-math': 'complex' });
  expect(await stored()).toMatchObject({
    rules: [TEAM, { ...rule, minComplexity: 'expert' }, { when: { kinds: ['math'] }, minComplexity: 'complex' }],
    experiment: { name: 'x' },
  });
  await browser.submit(`${path}/policy`, { 'min-code': '', 'min-math': '' });
  const policy = await stored();
  expect(policy?.rules).toHaveLength(2);
  expect(policy?.rules[1]?.minComplexity).toBeUndefined();
});

test('a policy that says nothing is none', async () => {
  await dashboard.browser.submit(`${path}/policy`, { 'min-code': 'complex' });
  await dashboard.browser.submit(`${path}/policy`, { 'min-code': '' });
  expect(await stored()).toBeNull();
  expect(policyFrom(showPolicy(null).draft, null)).toBeNull();
});

test('what is wrong is said beside its field, and what was typed stays', async () => {
  const { browser } = dashboard;
  const wide = await browser.submit(`${path}/policy`, { tolerance: '11', 'min-code': 'complex' });
  expect([wide.status, wide.html.includes('id="error-tolerance"')]).toEqual([400, true]);
  expect(wide.html).toMatch(/<option value="complex" selected/);

  const json = await browser.submit(`${path}/policy/json`, { policyJson: '{"rules": [{"when": {}}], "x": 1}' });
  expect(json.status).toBe(400);
  expect(json.html).toMatch(/id="error-policyJson">\s*This is not a policy: rules\[0\]\.name: /);
  const none = await browser.submit(`${path}/policy/json`, { policyJson: '{' });
  expect(none.html).toMatch(/id="error-policyJson">\s*This is not a policy: it is no JSON\./);
  expect(await stored()).toBeNull();

  const language = { ...dashboard.browser };
  dashboard.browser.cookie = `${language.cookie}; gateway_language=es`;
  const spanish = await browser.submit(`${path}/policy/json`, { policyJson: '{"rules": [{"when": {}}]}' });
  expect(spanish.html).toMatch(/Esto no es una política: rules\[0\]\.name: Entrada inválida/);
});

test('hostile names stay text, and a viewer changes nothing', async () => {
  const { browser } = dashboard;
  const answer = await browser.submit(`${path}/policy`, { [`min-${HOSTILE}`]: 'complex', tolerance: HOSTILE });
  expect(answer.html).not.toContain('<script>alert');
  await dashboard.signIn('viewer');
  const refused = await browser.submit(`${path}/policy`, { 'min-code': 'complex' });
  expect(refused.status).toBe(403);
  expect(await stored()).toBeNull();
});

test('a new key can begin with a policy', async () => {
  const made = await dashboard.browser.submit('/dashboard/keys', { name: 'new', 'min-code': 'complex' });
  expect(made.status).toBe(201);
  const keys = await dashboard.keys.list({ id: 'admin', email: '', name: '', role: 'admin' });
  expect(keys.find(({ name }) => name === 'new')?.policy?.rules[0]).toMatchObject({ minComplexity: 'complex' });
});

test('a policy is told in words, in either language', () => {
  const policy = RoutePolicy.parse({ rules: [TEAM, ...rulesFrom({ code: 'complex' }, [])], experiment: EXPERIMENT });
  const [en, es] = [policyInWords(plainFrame('en', 0), policy), policyInWords(plainFrame('es', 0), policy)];
  expect(en).toEqual([
    ...['all requests where team = law: by quality', 'code at least complex', 'experiment “x”: a 20%'],
  ]);
  expect(es[1]).toBe('código: al menos compleja');
});
