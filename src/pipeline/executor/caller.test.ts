import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import { CustomModel, toModel } from '../../../registry/custom-model.ts';
import { GatewayError } from '../../errors.ts';
import { Secret } from '../../lib/secret.ts';
import { createOpenAiCompatible } from '../../providers/openai-compatible/index.ts';
import { createCaller, type Plan } from './caller.ts';
import type { Attempt } from './index.ts';

let answer: (request: Request) => Response | Promise<Response>;
let server: ReturnType<typeof Bun.serve>;
beforeAll(() => {
  server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: (request) => answer(request) });
});
afterAll(() => server.stop(true));

let attempts: Attempt[];
beforeEach(() => {
  attempts = [];
});

interface Asked {
  providers: string[];
  signal?: AbortSignal;
  refuses?: string;
  timeoutMs?: number;
}

/** A provider for each of these can be called; each names itself in its path. */
function ask({ providers, signal, refuses, timeoutMs = 10_000 }: Asked) {
  const connect = (id: string) => {
    if (id === 'keyless') return undefined;
    const baseUrl = `http://127.0.0.1:${id === 'dead' ? 1 : server.port}/${id}`;
    return { provider: createOpenAiCompatible({ id, label: id, baseUrl }), apiKey: new Secret('sk-1'), keyId: 'k1' };
  };
  return createCaller({ connect, timeoutMs, now: Date.now }).run<string[]>({
    candidates: providers.map((providerId) => ({
      model: toModel(CustomModel.parse({ id: 'm' }), providerId),
      providerId,
      name: 'm',
      expected: { model: `${providerId}/m`, tokens: 1, costNanoUsd: 1, mostNanoUsd: 1 },
    })),
    permit: () => null,
    plan: ({ providerId }, provider): Plan<string[]> => {
      if (providerId === refuses) throw new GatewayError('unsupported', 'No.');
      return {
        calls: [
          { path: '/a', body: { part: 1 } },
          { path: '/b', body: { part: 2 } },
        ],
        headers: { 'x-own': 'yes' },
        parseError: provider.dialect.parseError,
        read: (replies) => replies.map(({ text }) => text),
      };
    },
    signal: signal ?? new AbortController().signal,
    onAttempt: (attempt) => attempts.push(attempt),
  });
}

const told = () => attempts.map(({ providerId, status, error }) => [providerId, status, error?.code ?? null]);
const echo = async (request: Request) => Response.json([new URL(request.url).pathname, await request.json()]);

test('calls are made in order, with the key, and are one attempt', async () => {
  const seen: (string | null)[] = [];
  answer = (request) => {
    seen.push(request.headers.get('authorization'), request.headers.get('x-own'));
    return echo(request);
  };
  const reply = await ask({ providers: ['one'] });
  expect(reply.answer).toEqual(['["/one/a",{"part":1}]', '["/one/b",{"part":2}]']);
  expect(reply.candidate.providerId).toBe('one');
  expect(seen).toEqual(['Bearer sk-1', 'yes', 'Bearer sk-1', 'yes']);
  expect(told()).toEqual([['one', 200, null]]);
});

test('the next candidate is asked when one cannot be, fails, or is silent', async () => {
  answer = (request) => {
    if (request.url.includes('/silent/')) return new Promise(() => {});
    if (request.url.includes('/broken/')) return new Response('{"half":');
    return request.url.includes('/busy/') ? new Response('{}', { status: 503 }) : echo(request);
  };
  const providers = ['keyless', 'unable', 'dead', 'busy', 'broken', 'silent', 'good'];
  const reply = await ask({ providers, refuses: 'unable', timeoutMs: 500 });
  expect(reply.candidate.providerId).toBe('good');
  expect(told()).toEqual([
    ['dead', null, 'provider_unreachable'],
    ['busy', 503, 'provider_overloaded'],
    ['broken', 200, 'provider_garbled'],
    ['silent', null, 'provider_timeout'],
    ['good', 200, null],
  ]);
});

test('a complaint about the request ends it, and the last failure is told when all fail', async () => {
  answer = () => Response.json({ error: { message: 'too odd' } }, { status: 400 });
  await expect(ask({ providers: ['one', 'two'] })).rejects.toMatchObject({ code: 'provider_rejected' });
  expect(told()).toHaveLength(1);
  await expect(ask({ providers: ['dead', 'keyless'] })).rejects.toMatchObject({ code: 'no_provider' });
  await expect(ask({ providers: [] })).rejects.toMatchObject({ code: 'no_candidate' });
});

test('a client that leaves ends the call', async () => {
  const leaver = new AbortController();
  answer = () => {
    leaver.abort();
    return new Promise(() => {});
  };
  await expect(ask({ providers: ['one', 'two'], signal: leaver.signal })).rejects.toMatchObject({
    code: 'client_closed',
  });
  expect(told()).toEqual([['one', null, 'client_closed']]);
});
