import { afterAll, expect, test } from 'bun:test';
import { startGateway, type TestGateway } from '../gateway.ts';

// Who a proxy says the client is, and who anybody says they are.

const PERSON = { email: 'ada@example.com', password: 'correct horse battery staple' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };
const gateways: TestGateway[] = [];
afterAll(async () => {
  for (const gateway of gateways) await gateway.stop();
});

/** A gateway that believes these proxies (every request here comes from 127.0.0.1), with one person in it. */
async function gatewayThatTrusts(proxies: string) {
  const gateway = await startGateway({ env: { TRUSTED_PROXIES: proxies } });
  gateways.push(gateway);
  const token = (await gateway.services.accounts.issueSetupToken()) ?? '';
  await gateway.services.accounts.setup({ token, ...PERSON });

  const post = (path: string, fields: Record<string, string>, headers: Record<string, string>) =>
    fetch(`${gateway.url}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { ...FORM, ...headers },
      body: new URLSearchParams(fields).toString(),
    });
  /** Guesses the password as somebody at that address, and says what came of it. */
  const guess = async (address: string): Promise<number> =>
    (await post('/sign-in', { email: PERSON.email, password: 'wrong' }, { 'x-forwarded-for': address })).status;
  const signIn = (headers: Record<string, string>) => post('/sign-in', PERSON, headers);

  /** Makes a key on the dashboard, and gives the address its example tells the program to use. */
  async function snippetUrl(headers: Record<string, string>): Promise<string | undefined> {
    const cookie = (await signIn(headers)).headers.get('set-cookie')?.split(';')[0] ?? '';
    const page = await fetch(`${gateway.url}/dashboard/keys`, { headers: { cookie } });
    const formToken = /name="form-token" value="(\w+)"/.exec(await page.text())?.[1] ?? '';
    const made = await post('/dashboard/keys', { name: 'program', 'form-token': formToken }, { ...headers, cookie });
    return /curl (\S+)\/v1\//.exec(await made.text())?.[1];
  }
  return { ...gateway, post, guess, signIn, snippetUrl };
}

const OUTSIDE = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'gw.example' };

test('a stranger who writes another address on every guess is slowed down all the same', async () => {
  const { guess } = await gatewayThatTrusts('');
  const statuses: number[] = [];
  for (let at = 1; at <= 7; at++) statuses.push(await guess(`203.0.113.${at}`));
  expect(statuses.at(-1)).toBe(429);
}, 20_000);

test('behind a trusted proxy one client’s guesses are not held against another, and made-up hops do not help', async () => {
  const { guess, signIn } = await gatewayThatTrusts('127.0.0.1');
  const statuses: number[] = [];
  for (let at = 1; at <= 7; at++) statuses.push(await guess(`198.51.100.${at}, 203.0.113.9`));
  expect(statuses.at(-1)).toBe(429);
  expect((await signIn({ 'x-forwarded-for': '203.0.113.10' })).status).toBe(302);
}, 20_000);

test('the cookie is for encrypted connections only when a trusted proxy says there is one', async () => {
  const [believing, doubting] = [await gatewayThatTrusts('private'), await gatewayThatTrusts('10.0.0.0/8')];
  expect((await believing.signIn(OUTSIDE)).headers.get('set-cookie')).toContain('; Secure');
  expect((await doubting.signIn(OUTSIDE)).headers.get('set-cookie')).not.toContain('Secure');
});

test('examples hold the address that the person sees, as far as a trusted proxy tells it', async () => {
  const [believing, doubting] = [await gatewayThatTrusts('private'), await gatewayThatTrusts('')];
  expect(await believing.snippetUrl(OUTSIDE)).toBe('https://gw.example');
  expect(await doubting.snippetUrl(OUTSIDE)).toBe(doubting.url);
});

test('a form comes from our own site when its origin is the host outside of a trusted proxy', async () => {
  const origin = 'https://gw.example';
  const plain = { ...OUTSIDE, origin, 'content-type': FORM['content-type'] };
  for (const [proxies, status] of [
    ['private', 302],
    ['', 403],
  ] as const) {
    const gateway = await gatewayThatTrusts(proxies);
    const body = new URLSearchParams(PERSON).toString();
    const init = { method: 'POST', redirect: 'manual', headers: plain, body } as const;
    expect((await fetch(`${gateway.url}/sign-in`, init)).status).toBe(status);
  }
});
