import { expect, test } from 'bun:test';
import { inspect } from 'node:util';
import { createKey, createKeyedHash, deriveKey, open, seal } from './secret-box.ts';

const master = createKey(new Uint8Array(32).fill(7));

test('what was sealed opens with the same key and context', () => {
  for (const text of ['', 'sk-live-1234', 'Schlüssel 🔑', 'x'.repeat(20_000)]) {
    expect(open(master, seal(master, text, 'a'), 'a')).toBe(text);
  }
});

test('the same text is sealed differently each time', () => {
  expect(seal(master, 'sk', 'a')).not.toBe(seal(master, 'sk', 'a'));
});

test('another key, another context, a changed byte and a cut text do not open', () => {
  const sealed = seal(master, 'sk-live', 'openai:1');
  const bytes = Buffer.from(sealed, 'base64');

  expect(() => open(deriveKey(master, 'other'), sealed, 'openai:1')).toThrow();
  expect(() => open(master, sealed, 'openai:2')).toThrow();
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at] = changed[at]! ^ 1;
    expect(() => open(master, changed.toString('base64'), 'openai:1')).toThrow();
  }
  for (let length = 0; length < bytes.length; length++) {
    expect(() => open(master, bytes.subarray(0, length).toString('base64'), 'openai:1')).toThrow();
  }
});

test('derived keys differ by purpose and are the same on every start', () => {
  const hash = (purpose: string) => createKeyedHash(deriveKey(master, purpose))('text');
  expect(hash('sessions')).toBe(hash('sessions'));
  expect(hash('sessions')).not.toBe(hash('vault'));
  expect(hash('sessions')).toMatch(/^[0-9a-f]{64}$/);
});

// Test case 2 of RFC 4231, its key filled up with the zeros that HMAC itself would add.
test('the keyed hash is HMAC-SHA256', () => {
  const key = createKey(Buffer.concat([Buffer.from('Jefe'), Buffer.alloc(28)]));
  expect(createKeyedHash(key)('what do ya want for nothing?')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});

test('a key shows nothing of itself and must be whole', () => {
  const shown = [JSON.stringify({ master }), `${master}`, inspect(master)].join();
  expect(shown).not.toContain(master.export().toString('base64'));
  expect(shown).not.toMatch(/07 ?07|7, ?7/);
  expect(() => createKey(new Uint8Array(16))).toThrow('32 bytes');
});
