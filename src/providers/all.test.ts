import { describe, expect, test } from 'bun:test';
import { createProviders } from './all.ts';
import type { Provider } from './provider.ts';

function find(id: string, config: Parameters<typeof createProviders>[0] = {}): Provider {
  return createProviders(config).find((provider) => provider.id === id)!;
}

describe('the vendors', () => {
  test('stand at their own addresses and speak their own dialects', () => {
    const facts = createProviders().map(({ id, label, baseUrl, dialect }) => [id, label, baseUrl, dialect.id]);
    expect(facts).toEqual([
      ['openai', 'OpenAI', 'https://api.openai.com/v1', 'openai-chat'],
      ['anthropic', 'Anthropic', 'https://api.anthropic.com/v1', 'anthropic-messages'],
      ['google', 'Google', 'https://generativelanguage.googleapis.com/v1beta', 'google-generate'],
    ]);
    expect(createProviders().some(({ isSimulated }) => isSimulated)).toBe(false);
  });

  test('can be moved by the operator, with or without the version', () => {
    expect(find('openai', { openaiBaseUrl: 'http://localhost:1234/v1/' }).baseUrl).toBe('http://localhost:1234/v1');
    expect(find('anthropic', { anthropicBaseUrl: 'http://localhost:1234' }).baseUrl).toBe('http://localhost:1234/v1');
    expect(find('google', { googleBaseUrl: 'http://localhost:1234/' }).baseUrl).toBe('http://localhost:1234/v1beta');
    expect(() => createProviders({ openaiBaseUrl: 'nonsense' })).toThrow('The base URL must be a URL');
  });

  test('are asked with the key where each wants it', () => {
    expect(find('openai').headers('k')).toEqual({ authorization: 'Bearer k' });
    expect(find('anthropic').headers('k')).toEqual({ 'x-api-key': 'k', 'anthropic-version': '2023-06-01' });
    expect(find('google').headers('k')).toEqual({ 'x-goog-api-key': 'k' });
  });

  test('are asked at the path of each', () => {
    expect(find('openai').path('gpt-5.4', true)).toBe('/chat/completions');
    expect(find('anthropic').path('claude-sonnet-5', false)).toBe('/messages');
    expect(find('google').path('gemini-3.5-flash', false)).toBe('/models/gemini-3.5-flash:generateContent');
    expect(find('google').path('gemini-3.5-flash', true)).toBe(
      '/models/gemini-3.5-flash:streamGenerateContent?alt=sse',
    );
  });

  test.each(['../../x', 'a/b?c#d', '..', 'ünï', '\ud800', 'a%2fb', 'a b'])(
    'the model id %j stays one step of the path',
    (model) => {
      const { baseUrl, path } = find('google');
      const url = new URL(baseUrl + path(model, false));
      expect(url.pathname.split('/').length).toBe(4);
      expect(url.pathname).toStartWith('/v1beta/models/');
      expect(url.pathname).toEndWith(':generateContent');
      expect(url.search + url.hash).toBe('');
    },
  );
});
