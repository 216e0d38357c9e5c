import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { startGateway, type TestGateway } from '../gateway.ts';
import type { HostileCase } from './cases.ts';
import { ask, hostileGateway } from './clients.ts';
import { FIXTURES } from './fixtures/index.ts';
import { startHostileUpstream } from './hostile-upstream.ts';
import { complaintAbout } from './legal-reply.ts';

// Between equal dialects the provider's own frames go through, up to the point where something is wrong with them.

const SECRET = 'sk-canary-0123456789';

let gateway: TestGateway;
let upstream: Awaited<ReturnType<typeof startHostileUpstream>>;
let current: HostileCase;
let id = 0;

beforeAll(async () => {
  upstream = await startHostileUpstream(() => current);
  gateway = await startGateway(hostileGateway(upstream.url));
});
afterAll(async () => {
  await gateway.stop();
  upstream.stop();
});

async function tell(wire: HostileCase['client'], text: string, fields: Partial<HostileCase> = {}): Promise<string> {
  const type = fields.stream === false ? 'application/json' : 'text/event-stream';
  current = {
    id: id++,
    client: wire,
    provider: wire,
    stream: true,
    asArray: false,
    status: 200,
    headers: { 'content-type': type },
    pieces: [Buffer.from(text)],
    ending: 'close',
    ...fields,
  };
  const response = await ask(gateway, current, AbortSignal.timeout(5000));
  const heard = {
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    text: await response.text(),
  };
  expect([complaintAbout(current, heard), heard.text]).toEqual([null, heard.text]);
  return heard.text;
}

describe.each(FIXTURES.map(({ wire, streams, bodies }) => [wire, streams[0] ?? [], bodies[0]] as const))(
  '%s',
  (wire, frames, body) => {
    const begun = frames.slice(0, -2).join('');

    test('a frame that is no message is an error to the client, and not passed on', async () => {
      expect(await tell(wire, `${begun}data: {"broken":\n\n`)).not.toContain('"broken"');
    });

    test('text between the frames is not passed on', async () => {
      expect(await tell(wire, `${begun}<html>502 Bad Gateway</html>\n\n${frames.slice(-2).join('')}`)).not.toContain(
        '<html>',
      );
    });

    test('a frame that was cut off does not swallow the error after it', async () => {
      expect(await tell(wire, `${begun}: comm`)).toMatch(/^(event: error|data: \{.*"error")/m);
      expect(await tell(wire, `${begun}data: {}\r\n`)).toMatch(/^(event: error|data: \{.*"error")/m);
      expect(await tell(wire, `${begun}data: `)).toMatch(/^(event: error|data: \{.*"error")/m);
    });

    test('an error in the midst of a stream shows nothing of our account', async () => {
      const message = `Incorrect API key provided: ${SECRET}`;
      const error = { message, type: 'authentication_error', code: 401, status: 'UNAUTHENTICATED' };
      const failure =
        wire === 'openai-responses' ? { type: 'response.failed', response: { error } } : { type: 'error', error };
      expect(await tell(wire, `${begun}data: ${JSON.stringify(failure)}\n\n`)).not.toContain(SECRET);
      const stored = JSON.stringify([await gateway.allRequests(), await gateway.allAttempts()]);
      expect(stored).not.toContain(SECRET);
    });

    test('a list of answers is no answer to one question', async () => {
      await tell(wire, JSON.stringify([body]), { stream: false });
    });
  },
);

test('nothing was logged as a bug', () => {
  expect(gateway.logged.errors).toEqual([]);
});
