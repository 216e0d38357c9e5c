import { beforeEach, expect, test } from 'bun:test';
import { type Db, openDatabase } from '../db/client.ts';
import { insertUser } from '../db/queries/users.ts';
import { oneTimeTokens, users } from '../db/schema.ts';
import { createKey, createKeyedHash } from '../lib/secret-box.ts';
import { createAccounts } from './accounts.ts';

const PASSWORD = 'correct horse battery';
const DAY_MS = 86_400_000;
const hash = createKeyedHash(createKey(new Uint8Array(32)));
let db: Db;
let time: number;
const accounts = () => createAccounts({ db, hash, now: () => time });
const ada = (token: string) => ({ token, email: ' Ada@Example.com ', name: 'Ada', password: PASSWORD });

beforeEach(() => {
  db = openDatabase(':memory:');
  time = 1_000_000;
});

test('the setup token makes the first admin, once', async () => {
  const service = accounts();
  const token = await service.issueSetupToken();
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(await service.isSetUp()).toBe(false);

  const account = await service.setup(ada(token!));
  expect(account).toEqual({ id: account.id, email: 'ada@example.com', name: 'Ada', role: 'admin' });
  expect(await service.isSetUp()).toBe(true);
  expect(await service.isSetupToken(token!)).toBe(false);
  expect(await service.issueSetupToken()).toBeNull();
  await expect(service.setup({ ...ada(token!), email: 'eve@example.com' })).rejects.toMatchObject({
    code: 'forbidden',
  });
});

test('of many people with the same link at the same moment one becomes admin', async () => {
  const service = accounts();
  const token = await service.issueSetupToken();
  const tries = ['a', 'b', 'c'].map((name) => service.setup({ ...ada(token!), email: `${name}@example.com` }));
  const outcomes = (await Promise.allSettled(tries)).map((outcome) => outcome.status);
  expect(outcomes.sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
  expect(await db.select().from(users)).toHaveLength(1);
});

test('the token is kept only as a hash, and the password only as argon2id', async () => {
  const service = accounts();
  const token = await service.issueSetupToken();
  await service.setup(ada(token!));
  expect(JSON.stringify(await db.select().from(oneTimeTokens))).not.toContain(token!);
  expect((await db.select().from(users))[0]?.passwordHash).toStartWith('$argon2id$v=19$m=65536,t=2,');
});

test('a token that was replaced, made up, too old or a hash itself is refused, and nobody is made', async () => {
  const service = accounts();
  const replaced = await service.issueSetupToken();
  const token = await service.issueSetupToken();
  for (const wrong of [replaced!, '', 'x'.repeat(43), hash(token!), "' OR 1=1 --"]) {
    await expect(service.setup(ada(wrong))).rejects.toMatchObject({ code: 'forbidden', param: 'token' });
  }
  time += DAY_MS;
  await expect(service.setup(ada(token!))).rejects.toMatchObject({ code: 'forbidden', param: 'token' });
  expect(await db.select().from(users)).toEqual([]);
});

test.each([
  ['a short password', { password: 'elevenchars' }, 'password'],
  ['an endless password', { password: 'x1'.repeat(129) }, 'password'],
  ['the e-mail as password', { password: 'ADA@example.com' }, 'password'],
  ['one letter over and over', { password: 'a'.repeat(20) }, 'password'],
  ['no e-mail address', { email: 'ada' }, 'email'],
  ['a name of a novel', { name: 'x'.repeat(101) }, 'name'],
])('%s is refused by name, and the token stays good', async (_, change, param) => {
  const service = accounts();
  const token = await service.issueSetupToken();
  await expect(service.setup({ ...ada(token!), ...change })).rejects.toMatchObject({ code: 'invalid_request', param });
  expect((await service.setup({ ...ada(token!), name: ' ' })).name).toBe('ada');
});

test('the right password signs in, however the e-mail is written', async () => {
  const service = accounts();
  await service.setup(ada((await service.issueSetupToken())!));
  const account = await service.signIn({ email: 'ADA@example.com', password: PASSWORD, address: '10.0.0.1' });
  expect(account).toMatchObject({ email: 'ada@example.com', role: 'admin' });
});

test('a wrong password, an unknown e-mail, a disabled account and the hash as password get the same answer', async () => {
  const service = accounts();
  await service.setup(ada((await service.issueSetupToken())!));
  const [stored] = await db.select().from(users);
  await insertUser(db, { ...stored!, id: 'gone', email: 'gone@example.com', disabledAt: 5 });
  const tries = [
    { email: 'ada@example.com', password: 'wrong horse battery' },
    { email: 'nobody@example.com', password: PASSWORD },
    { email: 'gone@example.com', password: PASSWORD },
    { email: 'ada@example.com', password: stored!.passwordHash },
    { email: 'ada@example.com', password: 'x'.repeat(100_000) },
  ];
  for (const each of tries) {
    await expect(service.signIn({ ...each, address: '10.0.0.1' })).rejects.toMatchObject({
      code: 'invalid_key',
      status: 401,
      message: 'The e-mail or the password is wrong.',
    });
  }
});

test('the sixth guess has to wait, also when all are made at once; other people do not', async () => {
  const service = accounts();
  await service.setup(ada((await service.issueSetupToken())!));
  const guess = (address = '10.0.0.1') => service.signIn({ email: 'ada@example.com', password: 'wrong', address });
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => guess()));
  const codes = outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.code);
  expect(codes).toEqual([...Array(5).fill('invalid_key'), ...Array(3).fill('rate_limited')]);

  const right = { email: 'ada@example.com', password: PASSWORD };
  await expect(service.signIn({ ...right, address: '10.0.0.1' })).rejects.toMatchObject({ retryAfterSeconds: 30 });
  expect((await service.signIn({ ...right, address: '10.0.0.2' })).name).toBe('Ada');

  time += 30_000;
  expect((await service.signIn({ ...right, address: '10.0.0.1' })).name).toBe('Ada');
});
