import { describe, expect, test } from 'bun:test';
import { findCompatibleKey, parseCompatibleProviders } from './compatible-config.ts';
import { createOpenAiCompatible } from './index.ts';

const FILE = 'data/providers.json';
const ollama = { id: 'ollama', baseUrl: 'http://localhost:11434/v1/', models: [{ id: 'llama3.2', free: true }] };

function parse(...providers: object[]) {
  return parseCompatibleProviders(JSON.stringify({ providers }), FILE);
}

describe('a file of providers', () => {
  test('gives a provider with its models', () => {
    const [parsed] = parse({ ...ollama, name: 'Ollama at home', headers: { 'X-Team': 'blue' } });
    const provider = parsed!.provider;
    expect(provider).toMatchObject({ id: 'ollama', label: 'Ollama at home', baseUrl: 'http://localhost:11434/v1' });
    expect(provider.dialect.id).toBe('openai-chat');
    expect(provider.path('llama3.2', true)).toBe('/chat/completions');
    expect(provider.headers('k')).toEqual({ authorization: 'Bearer k', 'x-team': 'blue' });
    expect(parsed!.models).toMatchObject([{ id: 'llama3.2', provider: 'ollama' }]);
  });

  test('may leave out the key, for servers that want none', () => {
    expect(findCompatibleKey(parse(ollama)[0]!, {})!.reveal()).toBe('none');
  });

  test('may hold the key, or the name of the variable that does', () => {
    const [literal, named] = parse({ ...ollama, apiKey: 'sk-1' }, { ...ollama, id: 'groq', apiKeyEnv: 'GROQ_API_KEY' });
    expect(findCompatibleKey(literal!, {})!.reveal()).toBe('sk-1');
    expect(findCompatibleKey(named!, { GROQ_API_KEY: ' gsk-2\n' })!.reveal()).toBe('gsk-2');
    expect(findCompatibleKey(named!, { GROQ_API_KEY: '' })).toBeUndefined();
    expect(JSON.stringify(literal)).not.toContain('sk-1');
  });

  test('tells all its mistakes at once, each with its field', () => {
    const wrong = () =>
      parse(
        { ...ollama, id: 'openai' },
        { ...ollama, id: 'Not Kebab', baseUrl: 'ftp://x', models: [] },
        { ...ollama, id: 'twice', apiKey: 'a', apiKeyEnv: 'B', surprise: 1 },
        { ...ollama, headers: { 'bad name': 'x', good: 'line\nbreak' } },
      );
    expect(wrong).toThrow(/^data\/providers\.json has mistakes:/);
    for (const part of [
      'providers[0].id: is the name of a built-in provider',
      'providers[1].id: must be lower-case words',
      'providers[1].baseUrl: must start with https:// or http://',
      'providers[1].models: must list at least one model',
      'surprise',
      'providers[3].headers.good: must be printable ASCII',
      'bad name',
    ]) {
      expect(wrong).toThrow(part);
    }
  });

  test('must not name a provider or one of its models twice, nor two keys', () => {
    expect(() => parse(ollama, ollama)).toThrow('providers[1].id: "ollama" is used twice');
    const models = [{ id: 'a' }, { id: 'b' }, { id: 'a' }];
    expect(() => parse({ ...ollama, models })).toThrow('providers[0].models[2].id: "a" is used twice');
    expect(() => parse({ ...ollama, apiKey: 'a', apiKeyEnv: 'B' })).toThrow(
      'providers[0].apiKeyEnv: must not be given together',
    );
  });

  test('must be JSON', () => {
    expect(() => parseCompatibleProviders('{', FILE)).toThrow('data/providers.json is not valid JSON.');
    expect(() => parseCompatibleProviders('[]', FILE)).toThrow('data/providers.json has mistakes:\n  the file: ');
  });
});

test('a compatible server gets the output limit under the name it reads', () => {
  const local = createOpenAiCompatible({ id: 'a', label: 'A', baseUrl: 'http://localhost:1' });
  expect(local.adjust!({ model: 'm', max_completion_tokens: 5 })).toEqual({ model: 'm', max_tokens: 5 });
  expect(local.adjust!({ model: 'm', max_tokens: 5 })).toEqual({ model: 'm', max_tokens: 5 });
  expect(local.adjust!({ model: 'm' })).toEqual({ model: 'm' });

  const azure = createOpenAiCompatible({
    id: 'a',
    label: 'A',
    baseUrl: 'http://localhost:1',
    maxTokensField: 'max_completion_tokens',
  });
  expect(azure.adjust!({ max_tokens: 5 })).toEqual({ max_completion_tokens: 5 });
});
