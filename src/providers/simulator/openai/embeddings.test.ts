import { afterAll, describe, expect, test } from 'bun:test';
import OpenAI from 'openai';
import { startSimulator } from '../index.ts';

const simulator = startSimulator();
afterAll(simulator.stop);
const client = new OpenAI({ apiKey: 'k', baseURL: simulator.url('openai'), maxRetries: 0 });
const model = 'text-embedding-3-small';

function cosine(a: number[], b: number[]): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}

describe('embeddings', () => {
  test('have length 1, and are closer for texts that share words', async () => {
    const input = ['the cat sat on the mat', 'the cat sat on a chair', 'quarterly revenue forecast'];
    const { data, usage } = await client.embeddings.create({ model, input, encoding_format: 'float' });
    const [cat, other, money] = data.map(({ embedding }) => embedding);
    expect(cat).toHaveLength(1536);
    expect(cosine(cat!, cat!)).toBeCloseTo(1, 5);
    expect(cosine(cat!, other!)).toBeGreaterThan(cosine(cat!, money!) + 0.2);
    expect(usage).toEqual({ prompt_tokens: 19, total_tokens: 19 });
  });

  test('are the same numbers in base64', async () => {
    const float = await client.embeddings.create({ model, input: 'hello', dimensions: 8, encoding_format: 'float' });
    // Unasked, the SDK orders base64 and decodes it itself.
    const decoded = await client.embeddings.create({ model, input: 'hello', dimensions: 8 });
    expect(decoded.data[0]!.embedding).toEqual(float.data[0]!.embedding);
  });

  test('take tokens as well as texts', async () => {
    const { data, usage } = await client.embeddings.create({ model, input: [[1, 2, 3], [4]] });
    expect(data).toHaveLength(2);
    expect(usage.prompt_tokens).toBe(4);
  });

  test.each([[''], [[]], [['a', '']]])('of %j are refused', async (input) => {
    const status = await client.embeddings.create({ model, input }).catch((error) => error.status);
    expect(status).toBe(400);
  });

  test('obey the directives in their text', async () => {
    const status = await client.embeddings.create({ model, input: '[[sim:error=503]]' }).catch((error) => error.status);
    expect(status).toBe(503);
  });
});
