import { describe, expect, test } from 'bun:test';
import { Secret } from '../lib/secret.ts';
import { createProviders } from './all.ts';
import { createConnections, type SimulatorMode } from './connections.ts';
import { createOpenAiCompatible } from './openai-compatible/index.ts';

function connect(keys: Record<string, string[]>, mode: SimulatorMode = 'off') {
  const asked: string[] = [];
  const resting = new Set<string>();
  const connections = createConnections({
    providers: () => [
      ...createProviders(),
      createOpenAiCompatible({ id: 'ollama', label: 'Ollama', baseUrl: 'http://localhost:1' }),
    ],
    keysOf: (id) =>
      (keys[id] ?? []).map((text) => {
        const [key = '', weight = '1'] = text.split('×');
        return { id: key, apiKey: new Secret(key), weight: Number(weight) };
      }),
    isResting: (id) => resting.has(id),
    simulator: {
      mode,
      url: (vendor) => {
        asked.push(vendor);
        return `http://127.0.0.1:9/${vendor}/v1`;
      },
    },
  });
  return { connections, asked, resting };
}

describe('connections', () => {
  test('exist for the providers that have a key', () => {
    const { connections } = connect({ openai: ['a'], ollama: ['none'] });
    expect(connections.list().map(({ provider }) => provider.id)).toEqual(['openai', 'ollama']);
    expect(connections.isConnected('openai')).toBe(true);
    expect(connections.isConnected('anthropic')).toBe(false);
    expect(connections.find('anthropic')).toBeUndefined();
    expect(connections.find('nobody')).toBeUndefined();
    expect(connections.isSimulating()).toBe(false);
  });

  test('take the keys of a provider in turn', () => {
    const { connections } = connect({ openai: ['a', 'b', 'c'] });
    const keys = Array.from({ length: 5 }, () => connections.find('openai')!.apiKey.reveal());
    expect(keys).toEqual(['a', 'b', 'c', 'a', 'b']);
  });

  test('share the calls by their weights, evenly spread', () => {
    const { connections } = connect({ openai: ['a×3', 'b×1', 'c×0'] });
    const keys = Array.from({ length: 8 }, () => connections.find('openai')!.keyId);
    expect(keys.join('')).toBe('aabaaaba');
  });

  test('pass over a key that rests, unless all of them do', () => {
    const { connections, resting } = connect({ openai: ['a', 'b'] });
    const take = (count: number) => Array.from({ length: count }, () => connections.find('openai')!.keyId).join('');
    resting.add('a');
    expect(take(3)).toBe('bbb');
    resting.add('b');
    expect(take(4).split('').sort().join('')).toBe('aabb');
    resting.clear();
    expect(new Set(take(4)).size).toBe(2);
  });

  test('a provider whose keys are all set aside is not connected', () => {
    expect(connect({ openai: ['a×0'] }).connections.isConnected('openai')).toBe(false);
  });

  test('change when they are refreshed, and not before', () => {
    const keys: Record<string, string[]> = { openai: ['a'] };
    const { connections } = connect(keys);
    keys.openai = [];
    keys.google = ['g'];
    expect(connections.isConnected('openai')).toBe(true);
    connections.refresh();
    expect(connections.isConnected('openai')).toBe(false);
    expect(connections.find('google')!.apiKey.reveal()).toBe('g');
  });
});

describe('the simulator', () => {
  test('stands in for all three vendors while there is no key at all', () => {
    const { connections } = connect({}, 'auto');
    expect(connections.isSimulating()).toBe(true);
    expect(connections.list().map(({ provider }) => [provider.id, provider.baseUrl, provider.isSimulated])).toEqual([
      ['openai', 'http://127.0.0.1:9/openai/v1', true],
      ['anthropic', 'http://127.0.0.1:9/anthropic/v1', true],
      ['google', 'http://127.0.0.1:9/google/v1', true],
    ]);
    expect(connections.find('google')!.apiKey.reveal()).toBe('simulated');
  });

  test('steps back with the first key, and returns with the last', () => {
    const keys: Record<string, string[]> = { ollama: ['none'] };
    const { connections, asked } = connect(keys, 'auto');
    expect(connections.isSimulating()).toBe(false);
    expect(asked).toEqual([]);
    keys.ollama = [];
    connections.refresh();
    expect(connections.isSimulating()).toBe(true);
  });

  test('stands in for every vendor without a key when it is on', () => {
    const { connections, asked } = connect({ openai: ['a'] }, 'on');
    expect(connections.find('openai')!.provider.isSimulated).toBe(false);
    expect(connections.find('anthropic')!.provider.isSimulated).toBe(true);
    expect(connections.isConnected('ollama')).toBe(false);
    expect(asked).toEqual(['anthropic', 'google']);
  });

  test('is never asked for when it is off', () => {
    const { connections, asked } = connect({}, 'off');
    expect(connections.list()).toEqual([]);
    expect(connections.isSimulating()).toBe(false);
    expect(asked).toEqual([]);
  });
});
