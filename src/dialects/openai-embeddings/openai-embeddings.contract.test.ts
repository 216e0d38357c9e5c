import { describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeFloat32 } from '../../lib/float32.ts';
import { openaiEmbeddings } from './index.ts';

const RECORDINGS = join(import.meta.dir, '../../../../shared/wire/open');

interface Recording {
  id: string;
  request: { body: { model: string; input: unknown; encoding_format?: string; dimensions?: number } };
  // biome-ignore lint/suspicious/noExplicitAny: recordings are read here without the code under test.
  response: { status: number; body: any };
}

function loadRecordings(): Recording[] {
  if (!existsSync(RECORDINGS)) {
    console.log('Skipped: recorded embeddings are not part of this repository and are not beside it.');
    return [];
  }
  const names = readdirSync(RECORDINGS).filter((name) => name.startsWith('openai-embeddings-'));
  return names.map((name) => JSON.parse(readFileSync(join(RECORDINGS, name), 'utf8')));
}

describe.each(loadRecordings().map((recording) => [recording.id, recording] as const))('%s', (_, recording) => {
  const { body } = recording.request;
  const { response } = recording;

  test('is read as a client sent it, and goes on as it was', () => {
    const request = openaiEmbeddings.parseRequest(body, {});
    const isList = Array.isArray(body.input) && typeof body.input[0] !== 'number';
    const inputs = isList ? (body.input as unknown[]) : [body.input];
    expect(request.model).toBe(body.model);
    for (const [index, { parts }] of request.inputs.entries()) {
      const text = inputs[index];
      expect(parts as unknown[]).toEqual([
        typeof text === 'string' ? { type: 'text', text } : { type: 'tokens', tokens: text },
      ]);
    }
    expect(request.inputs).toHaveLength(inputs.length);
    expect(openaiEmbeddings.retarget(request.original.body, body.model)).toEqual(body);
    expect(request.extras).toEqual([]);
  });

  test('is read as a provider answered it', () => {
    if (response.status >= 400) {
      expect(() => openaiEmbeddings.parseReply(response.body)).toThrow('not a list of vectors');
      return;
    }
    const reply = openaiEmbeddings.parseReply(response.body);
    expect(reply.model).toBe(response.body.model);
    expect(reply.usage?.input).toBe(response.body.usage.prompt_tokens);
    for (const [index, { embedding }] of response.body.data.entries()) {
      const vector = reply.vectors[index] ?? [];
      expect(typeof embedding === 'string' ? encodeFloat32(vector) : vector).toEqual(embedding);
      if (body.dimensions) expect(vector).toHaveLength(body.dimensions);
    }
    expect(openaiEmbeddings.parseReceipt(response.body)).toEqual({ usage: reply.usage, model: reply.model });
  });

  test('is told to a client as the provider told it', () => {
    if (response.status >= 400) return;
    const request = openaiEmbeddings.parseRequest(body, {});
    const { vectors, usage, model } = openaiEmbeddings.parseReply(response.body);
    if (!usage || !model) throw new Error('the recording has no usage or model');
    expect(openaiEmbeddings.renderReply(vectors, { request, model, usage })).toEqual(response.body);
  });
});
