import { afterAll, describe, expect, test } from 'bun:test';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { startSimulator, type Vendor } from './index.ts';

const FOLDER = join(import.meta.dir, '../../../../shared/wire/open');
const HEADERS = {
  'x-api-key': 'k',
  authorization: 'Bearer k',
  'x-goog-api-key': 'k',
  'anthropic-version': '2023-06-01',
};
const ROUTE =
  /\/v1(?:beta)?(\/chat\/completions|\/messages.*|\/responses(?!\/compact).*|\/embeddings|\/models\/.+:\w+.*)$/;

interface Exchange {
  id: string;
  dialect: string;
  tags: string[];
  request: { method: string; path: string; body: JsonObject | null };
  response: { status: number; body?: unknown; stream?: string };
}

const exchanges: Exchange[] = existsSync(FOLDER)
  ? await Promise.all(readdirSync(FOLDER).map((name) => Bun.file(join(FOLDER, name)).json()))
  : [];
if (exchanges.length === 0)
  console.log('Skipped: the simulator against recorded exchanges, because there are none here.');

const simulator = startSimulator({ gapMs: 0 });
afterAll(simulator.stop);

function vendorOf(dialect: string): Vendor {
  if (dialect.startsWith('openai')) return 'openai';
  return dialect.startsWith('anthropic') ? 'anthropic' : 'google';
}

function replay({ dialect, request }: Exchange): Promise<Response> {
  const url = simulator.url(vendorOf(dialect)) + ROUTE.exec(request.path)![1];
  return fetch(url, { method: 'POST', headers: HEADERS, body: JSON.stringify(request.body) });
}

/** Every message of a reply: the frames of a stream, the elements of an array, or the body. */
function messagesOf(text: string): JsonObject[] {
  if (!/^(?:data|event):/m.test(text)) return [JSON.parse(text)].flat();
  return [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data]) => JSON.parse(data!));
}

/** The paths of all fields: `choices[].delta.content`. What a tool takes or finds is nobody's shape. */
function pathsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => pathsOf(item, `${path}[]`));
  if (!isJsonObject(value) || /(?:input|args|parameters|schema|metadata|tools)(?:\[\])?$/.test(path)) return [path];
  return Object.entries(value).flatMap(([key, field]) => [`${path}.${key}`, ...pathsOf(field, `${path}.${key}`)]);
}

// A router's or another cloud's own fields are no part of the vendor's format.
const good = exchanges.filter(
  ({ request, response, tags }) =>
    response.status === 200 &&
    request.body !== null &&
    request.method === 'POST' &&
    ROUTE.test(request.path) &&
    !tags.some((tag) => tag.startsWith('compat:')) &&
    request.body.usage === undefined,
);

describe.skipIf(good.length === 0)('against recorded exchanges', () => {
  test('the simulator answers every request that the vendor answered', async () => {
    const refused: string[] = [];
    for (const exchange of good) {
      const response = await replay(exchange);
      const text = await response.text();
      if (response.status !== 200) refused.push(`${exchange.id}: ${text.slice(0, 300)}`);
    }
    expect(refused).toEqual([]);
    expect(good.length).toBeGreaterThan(100);
  });

  test.each(['openai-chat', 'anthropic-messages', 'gemini-generate', 'gemini-stream', 'openai-responses'])(
    'the simulator sends no field that %s does not, and leaves out none that is always there',
    async (dialect) => {
      const known = new Set<string>();
      const sent = new Set<string>();
      let constant: Set<string> | null = null;
      for (const exchange of good.filter((one) => one.dialect.startsWith(dialect))) {
        const { stream, body } = exchange.response;
        const recorded = new Set(messagesOf(stream ?? JSON.stringify(body)).flatMap((message) => pathsOf(message)));
        constant = constant === null ? recorded : constant.intersection(recorded);
        for (const path of recorded) known.add(path);
        for (const message of messagesOf(await (await replay(exchange)).text())) {
          for (const path of pathsOf(message)) sent.add(path);
        }
      }
      expect([...sent.difference(known)]).toEqual([]);
      expect([...constant!.difference(sent)]).toEqual([]);
    },
  );
});
