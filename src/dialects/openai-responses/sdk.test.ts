import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import OpenAI from 'openai';
import type { ChatEvent } from '../../chat/event.ts';
import { collect } from '../../chat/reply.ts';
import { GatewayError } from '../../errors.ts';
import { contextOf } from '../openai-common/test-requests.ts';
import { openaiResponses } from './index.ts';
import { events, said, stopped } from './test-reply.ts';

const schema = { type: 'object', properties: { a: { type: 'number' } }, required: ['a'], additionalProperties: false };

describe('the official SDK', () => {
  let server: ReturnType<typeof Bun.serve>;
  let replies: ChatEvent[] = events;
  const client = () => new OpenAI({ apiKey: 'k', baseURL: `http://localhost:${server.port}/v1`, maxRetries: 0 });

  beforeAll(() => {
    server = Bun.serve({
      port: 0,
      async fetch(request) {
        const parsedRequest = openaiResponses.parseRequest(await request.json(), {});
        const at = contextOf(parsedRequest);
        if (!parsedRequest.stream) return Response.json(openaiResponses.renderReply(collect(replies), at));
        const renderer = openaiResponses.createStreamRenderer(at);
        const text = replies.map((event) => renderer.render(event)).join('');
        return new Response(text, { headers: { 'content-type': 'text/event-stream' } });
      },
    });
  });
  afterAll(() => server.stop(true));

  test('reads a body', async () => {
    replies = events;
    const response = await client().responses.create({ model: 'auto', input: 'Hello' });
    expect(response.output_text).toBe('Hi there');
    expect(response.output.map(({ type }) => type)).toEqual(
      (['reasoning', 'reasoning', 'message', 'reasoning'] as string[]).concat([
        'function_call',
        'custom_tool_call',
        'function_call',
      ]) as (typeof response.output)[number]['type'][],
    );
  });

  test('folds a stream to the same response', async () => {
    replies = events;
    const stream = client().responses.stream({ model: 'auto', input: 'Hello' });
    const deltas: string[] = [];
    stream.on('response.output_text.delta', ({ delta }) => void deltas.push(delta));
    const final = await stream.finalResponse();
    const body = await client().responses.create({ model: 'auto', input: 'Hello' });
    expect(deltas.join('')).toBe('Hi there');
    expect(JSON.parse(JSON.stringify(final.output))).toMatchObject(JSON.parse(JSON.stringify(body.output)));
    expect(final.usage).toEqual(body.usage);
  });

  test('reads a structured answer and strict calls', async () => {
    replies = [said('{"a"'), said(':2}'), ...events.slice(11, 13), ...events.slice(15, 17), ...stopped('stop')];
    const format = { type: 'json_schema' as const, name: 'answer', schema, strict: true };
    const tools = [{ type: 'function' as const, name: 'look', parameters: schema, strict: true }];
    const stream = client().responses.stream({ model: 'auto', input: 'Hello', text: { format }, tools });
    const final = await stream.finalResponse();
    expect<unknown>(final.output_parsed).toEqual({ a: 2 });
    expect(final.output.at(-1)).toMatchObject({ type: 'function_call', parsed_arguments: { a: 1 } });
  });

  test('throws the error of a stream', async () => {
    const error = new GatewayError('provider_failed', 'The provider failed.');
    replies = [said('a'), { type: 'error', error }];
    const stream = await client().responses.create({ model: 'auto', input: 'Hello', stream: true });
    const read = async () => {
      for await (const _event of stream);
    };
    await expect(read()).rejects.toMatchObject({ code: 'provider_failed', message: 'The provider failed.' });
  });
});
