import { describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EmbeddingShape } from '../../chat/embedding.ts';
import { NO_USAGE, promptTokens } from '../../chat/usage.ts';
import { googleEmbed } from './index.ts';

const RECORDINGS = join(import.meta.dir, '../../../../shared/wire/open');

// biome-ignore lint/suspicious/noExplicitAny: recordings are read here without the code under test.
type Json = any;

interface Recording {
  id: string;
  request: { path: string; body: Json };
  response: { status: number; body: Json };
}

function loadRecordings(): Recording[] {
  if (!existsSync(RECORDINGS)) {
    console.log('Skipped: recorded Gemini embeddings are not part of this repository and are not beside it.');
    return [];
  }
  const names = readdirSync(RECORDINGS).filter((name) => name.startsWith('gemini-embed-'));
  return names.map((name) => JSON.parse(readFileSync(join(RECORDINGS, name), 'utf8')));
}

describe.each(loadRecordings().map((recording) => [recording.id, recording] as const))('%s', (_, recording) => {
  const { path, body } = recording.request;
  const { response } = recording;
  const [, model = '', method] = /models\/([^:]+):(\w+)/.exec(path) ?? [];
  const shape: EmbeddingShape = method === 'embedContent' ? 'one' : 'many';
  const wire: Json[] = shape === 'one' ? [body] : body.requests;

  test('is read as a client sent it, and goes on as it was', () => {
    const request = googleEmbed.parseRequest(body, { model, shape });
    expect(request.model).toBe(model);
    for (const [index, { content, outputDimensionality }] of wire.entries()) {
      const input = request.inputs[index];
      expect(input?.dimensions).toBe(outputDimensionality);
      expect(input?.parts.map((part) => (part.type === 'text' ? part.text : undefined))).toEqual(
        content.parts.map((part: Json) => part.text),
      );
    }
    expect(request.extras).toEqual(wire[0].taskType ? ['taskType'] : []);
    expect(googleEmbed.retarget(request.original.body, model)).toEqual(body);
  });

  test('is read as a provider answered it', () => {
    if (response.status >= 400) {
      expect(() => googleEmbed.parseReply(response.body)).toThrow('not a list of vectors');
      return;
    }
    const { vectors, usage } = googleEmbed.parseReply(response.body);
    expect(vectors).toEqual(response.body.embeddings.map((embedding: Json) => embedding.values));
    expect(vectors).toHaveLength(wire.length);
    const count = response.body.usageMetadata?.promptTokenCount;
    expect(usage ? promptTokens(usage) : undefined).toBe(count);
  });

  test('is told to a client as the provider told it', () => {
    if (response.status >= 400) return;
    const request = googleEmbed.parseRequest(body, { model, shape });
    const { vectors, usage } = googleEmbed.parseReply(response.body);
    const { promptTokenDetails: _details, ...counted } = response.body.usageMetadata ?? {};
    const told = googleEmbed.renderReply(vectors, {
      request,
      model,
      usage: usage ?? { ...NO_USAGE, isEstimated: true },
    });
    expect(told).toEqual(usage ? { ...response.body, usageMetadata: counted } : response.body);
  });
});
