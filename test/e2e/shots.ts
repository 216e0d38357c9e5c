import { launchBrowser } from '../browser.ts';
import { startGateway } from '../gateway.ts';
import { createVisitor, inspect } from './visit-pages.ts';

const gateway = await startGateway();
const browser = await launchBrowser();
const admin = await createVisitor(browser, gateway, 'admin');
const userId = await gateway.person('admin');
const { row } = await gateway.services.keys.mint(
  { id: userId, email: '', name: 'Ada', role: 'admin' },
  {
    name: 'support bot',
    policy: {
      deniedModels: ['gpt-5.5'],
      rules: [
        { name: 'code', when: { kinds: ['code'] }, minComplexity: 'complex' },
        { name: 't', when: { metadata: { team: 'x' } }, strategy: 'quality' },
      ],
    },
  },
);
for (const content of ['hello', 'hello', 'Prove that there are infinitely many primes.'])
  await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}` },
    body: JSON.stringify({ model: 'auto', messages: [{ role: 'user', content }] }),
  });
const request = await gateway.lastRequest();
const pages = {
  key: `/dashboard/keys/${row.id}`,
  keys: '/dashboard/keys',
  routing: '/dashboard/routing',
  replay: '/dashboard/routing/replay',
  request: `/dashboard/requests/${request?.id}`,
  audit: '/dashboard/audit',
  model: '/dashboard/models/openai/gpt-5.6-sol',
};
const looks = [
  [1440, 'light', 'es'],
  [390, 'dark', 'es'],
  [1440, 'dark', 'en'],
  [390, 'light', 'en'],
] as const;
for (const [name, path] of Object.entries(pages))
  for (const [width, theme, language] of looks)
    console.log(
      name,
      width,
      await inspect(admin, gateway, { name: `w-${name}`, path: () => path }, { width, theme, language }),
    );
console.log(admin.complaints);
// no script: revoke by the unfolded question
const context = await browser.newContext({
  javaScriptEnabled: false,
  storageState: await admin.context.storageState(),
});
const page = await context.newPage();
await page.goto(`${gateway.url}${pages.key}`);
console.log('opener hidden', !(await page.isVisible('button[commandfor=revoke]')));
await page.click('.plain-question summary');
await page.screenshot({ path: 'test/screenshots/w-noscript.png' });
await page.click('.plain-question form button');
console.log(page.url());
await browser.close();
await gateway.stop();
process.exit(0);
