import { beforeEach, expect, test } from 'bun:test';
import { eq } from 'drizzle-orm';
import { type Db, openDatabase } from '../db/client.ts';
import { listSettings } from '../db/queries/settings.ts';
import { insertUser, raiseSessionVersion } from '../db/queries/users.ts';
import { users } from '../db/schema.ts';
import { createKey } from '../lib/secret-box.ts';
import { createSessions } from './sessions.ts';

const HOUR_MS = 3_600_000;
let db: Db;
let time: number;
const sessions = (fill = 1) => createSessions({ db, key: createKey(new Uint8Array(32).fill(fill)), now: () => time });

beforeEach(async () => {
  db = openDatabase(':memory:');
  time = Date.UTC(2030, 0, 1);
  const person = { id: 'u1', email: 'ada@example.com', name: 'Ada', passwordHash: 'x', role: 'admin' } as const;
  await insertUser(db, { ...person, sessionVersion: 1, createdAt: 0, disabledAt: null });
});

test('a session tells who it is for twelve hours, and after a restart', async () => {
  const token = await sessions().start('u1');
  time += 12 * HOUR_MS - 1000;
  expect((await sessions().read(token))?.account).toEqual({
    ...{ id: 'u1', email: 'ada@example.com', name: 'Ada', role: 'admin' },
  });
  time += 1000;
  expect(await sessions().read(token)).toBeNull();
});

test('a token that is absent, forged, unsigned, changed or made with another key is nobody', async () => {
  const service = sessions();
  const token = await service.start('u1');
  const [header, payload, signature] = token.split('.') as [string, string, string];
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
  const forged = [
    ...[null, '', 'x', '..', `${header}.${payload}.`, `${encode({ alg: 'none' })}.${payload}.`],
    ...[`${header}.${encode({ ...claims, sub: 'u2' })}.${signature}`, await sessions(2).start('u1')],
  ];
  for (const each of forged) expect(await service.read(each)).toBeNull();
  expect(await service.read(token)).not.toBeNull();
});

test('a new role holds at once, and a disabled person is out at once', async () => {
  const service = sessions();
  const token = await service.start('u1');
  await db.update(users).set({ role: 'viewer' }).where(eq(users.id, 'u1'));
  expect((await service.read(token))?.account.role).toBe('viewer');
  await db.update(users).set({ disabledAt: time }).where(eq(users.id, 'u1'));
  expect(await service.read(token)).toBeNull();
  await expect(service.start('u1')).rejects.toMatchObject({ code: 'forbidden' });
});

test('signing out ends this session and its copies, also after a restart, and no other', async () => {
  const [mine, other] = [await sessions().start('u1'), await sessions().start('u1')];
  time += 7 * HOUR_MS;
  const session = await sessions().read(mine);
  const renewed = await sessions().renew(session!);
  await sessions().end(session!);
  expect(await sessions().read(mine)).toBeNull();
  expect(await sessions().read(renewed)).toBeNull();
  expect(await sessions().read(other)).not.toBeNull();
});

test('ended sessions are forgotten when their tokens have expired', async () => {
  const service = sessions();
  for (let i = 0; i < 2; i++) {
    await service.end((await service.read(await service.start('u1')))!);
    time += 13 * HOUR_MS;
  }
  expect(await listSettings(db, 'ended-session:')).toHaveLength(1);
});

test('signing out everywhere ends all sessions, and a renewal under way does not save one', async () => {
  const service = sessions();
  const token = await service.start('u1');
  time += 7 * HOUR_MS;
  const session = await service.read(token);
  await raiseSessionVersion(db, 'u1');
  expect(await service.read(token)).toBeNull();
  expect(await service.read(await service.renew(session!))).toBeNull();
});

test('a session is renewed when half of it is spent, under the same id, for a week at most', async () => {
  const service = sessions();
  let token = await service.start('u1');
  const first = await service.read(token);
  expect(await service.renew(first!)).toBeNull();

  let hours = 0;
  for (let session = first; session; session = await service.read(token)) {
    expect([session.id, session.formToken]).toEqual([first!.id, first!.formToken]);
    token = (await service.renew(session)) ?? token;
    time += HOUR_MS;
    hours++;
  }
  expect(hours).toBe(7 * 24);
});

test('a form token belongs to one session', async () => {
  const service = sessions();
  const [mine, other] = [await service.read(await service.start('u1')), await service.read(await service.start('u1'))];
  expect(service.isFormToken(mine!, mine!.formToken)).toBe(true);
  for (const wrong of [other!.formToken, null, '', mine!.id, 'é'.repeat(32)]) {
    expect(service.isFormToken(mine!, wrong)).toBe(false);
  }
});
