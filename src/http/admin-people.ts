import { Elysia } from 'elysia';
import { z } from 'zod';
import type { Account, Keys, Links, People } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import type { ClientOf } from '../lib/client-of.ts';
import { answer, authenticate, type Door, done, json, readBody, refuse, refuseOtherSites } from './api.ts';

interface PeopleOptions extends Door {
  clientOf: ClientOf;
  keys: Keys;
  links: Links;
  people: People;
}

type Server = Parameters<ClientOf>[1];

const text = (what: string) => z.string(`This request needs ${what}.`);
const inviteBody = z.strictObject({ role: text('a role'), email: z.string('An address is text.').optional() });
const personBody = z.strictObject({
  role: z.string('A role is a word.').optional(),
  isDisabled: z.boolean().optional(),
});
const passwordBody = z.strictObject({ oldPassword: text('the old password'), password: text('a password') });
const acceptBody = z.strictObject({
  token: text('the token of the link'),
  email: z.string('An address is text.').default(''),
  name: z.string('A name is text.').optional(),
  password: text('a password'),
});
const resetBody = z.strictObject({ token: text('the token of the link'), password: text('a password') });
const rotateBody = z.record(z.string(), z.unknown());

/** `/api/users`, `/api/invitations`, `/api/me`, and what else can be done to a key than to make, change and revoke it. */
export const peopleRoutes = ({ keys, links, people, sessions, sessionCookie, clientOf }: PeopleOptions) => {
  const whoIs = async (request: Request, server: Server): Promise<Account> =>
    (await authenticate(request, { sessions, sessionCookie }, clientOf(request, server))).account;
  const addressOf = (request: Request, server: Server) => clientOf(request, server).address;

  return new Elysia({ prefix: '/api' })
    .onBeforeHandle(refuseOtherSites(clientOf))
    .get('/users', ({ request, server }) =>
      answer(async () => json({ users: await people.list(await whoIs(request, server)) })),
    )
    .patch(
      '/users/:id',
      ({ request, params: { id }, server }) =>
        answer(async () => {
          const account = await whoIs(request, server);
          const { role, isDisabled } = await readBody(request, personBody);
          let person = role === undefined ? null : await people.changeRole(account, id, role);
          if (isDisabled !== undefined) person = await people[isDisabled ? 'disable' : 'enable'](account, id);
          return person ? json(person) : refuse(noSuch('person'));
        }),
      { parse: 'none' },
    )
    .post(
      '/users/:id/sign-out',
      ({ request, params, server }) =>
        answer(async () => {
          const ended = await people.endSessions(await whoIs(request, server), params.id);
          return ended ? done() : refuse(noSuch('person'));
        }),
      { parse: 'none' },
    )
    .post(
      '/users/:id/reset',
      ({ request, params, server }) =>
        answer(async () => {
          const link = await links.issueReset(await whoIs(request, server), params.id);
          return link ? json({ token: link.token, expiresAt: link.expiresAt }, 201) : refuse(noSuch('person'));
        }),
      { parse: 'none' },
    )
    .get('/invitations', ({ request, server }) =>
      answer(async () => json({ invitations: await links.listInvitations(await whoIs(request, server)) })),
    )
    .post(
      '/invitations',
      ({ request, server }) =>
        answer(async () => {
          const account = await whoIs(request, server);
          const { token, invitation } = await links.invite(account, await readBody(request, inviteBody));
          return json({ ...invitation, token }, 201);
        }),
      { parse: 'none' },
    )
    .delete('/invitations/:id', ({ request, params, server }) =>
      answer(async () => {
        const isGone = await links.withdraw(await whoIs(request, server), params.id);
        return isGone ? done() : refuse(noSuch('invitation'));
      }),
    )
    .post(
      '/invitations/accept',
      ({ request, server }) =>
        answer(async () => {
          const body = await readBody(request, acceptBody);
          const account = await links.accept({ ...body, address: addressOf(request, server) });
          return json({ token: await sessions.start(account.id) }, 201);
        }),
      { parse: 'none' },
    )
    .post(
      '/password-reset',
      ({ request, server }) =>
        answer(async () => {
          const body = await readBody(request, resetBody);
          const account = await links.reset({ ...body, address: addressOf(request, server) });
          return json({ token: await sessions.start(account.id) }, 201);
        }),
      { parse: 'none' },
    )
    .get('/me', ({ request, server }) =>
      answer(async () => {
        const { id, email, name, role } = await whoIs(request, server);
        return json({ id, email, name, role });
      }),
    )
    .post(
      '/me/password',
      ({ request, server }) =>
        answer(async () => {
          const account = await whoIs(request, server);
          const { oldPassword: old, password: fresh } = await readBody(request, passwordBody);
          await people.changePassword(account, { old, fresh });
          return json({ token: await sessions.start(account.id) });
        }),
      { parse: 'none' },
    )
    .post(
      '/keys/:id/rotate',
      ({ request, params, server }) =>
        answer(async () => {
          const account = await whoIs(request, server);
          const rotated = await keys.rotate(account, params.id, await readBody(request, rotateBody));
          return rotated ? json({ ...rotated.row, key: rotated.key }, 201) : refuse(noSuch('key'));
        }),
      { parse: 'none' },
    )
    .post(
      '/keys/:id/restore',
      ({ request, params, server }) =>
        answer(async () => {
          const isBack = await keys.restore(await whoIs(request, server), params.id);
          return isBack ? done() : refuse(noSuch('key that was revoked a moment ago'));
        }),
      { parse: 'none' },
    );
};

function noSuch(what: string): GatewayError {
  return new GatewayError('not_found', `There is no such ${what}.`);
}
