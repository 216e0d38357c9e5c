import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainRequest } from '../../chat/fixture.ts';
import { FEATURE_NAMES, readRequest } from './features.ts';
import { calibrated, FAIL_HEADS, HEAD_NAMES, LEVEL_HEADS, parseHeads, readHeads, renderHeads, WORDS } from './heads.ts';

const EMPTY = plainRequest('', { messages: [] });
const file = readFileSync(join(import.meta.dir, 'heads.bin'));

test('the shipped file is at most 1 MB and reads back byte for byte', () => {
  expect(file.length).toBeLessThanOrEqual(1_048_576);
  expect(Buffer.from(renderHeads(parseHeads(file))).equals(file)).toBe(true);
});

test('a damaged file, another file and another version are refused with a sentence', () => {
  const damaged = Buffer.from(file);
  damaged[file.length - 1] = (damaged[file.length - 1] ?? 0) ^ 1;
  const newer = Buffer.from(file);
  newer.writeUInt32LE(99, 4);
  expect(() => parseHeads(damaged)).toThrow('damaged');
  expect(() => parseHeads(newer)).toThrow('version 99');
  expect(() => parseHeads(Buffer.from('not heads at all, really'))).toThrow('no file of heads');
  expect(() => parseHeads(new Uint8Array())).toThrow('no file of heads');
});

test('packed sums are those of the single weights, also beyond one block of tokens', () => {
  const heads = parseHeads(file);
  const reading = readRequest({
    ...EMPTY,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'a, 12 b! '.repeat(200) }] }],
  });
  const out = new Float64Array(HEAD_NAMES.length);
  readHeads(heads, reading, out);
  expect(reading.grams.count).toBeGreaterThan(1_000);

  HEAD_NAMES.forEach((_, head) => {
    let tokens = 0;
    for (let index = 0; index < reading.grams.count; index++) {
      const column = (reading.grams.keys[index] ?? 0) & ((1 << heads.bits) - 1);
      const packed = heads.tokens[column * WORDS + (head >> 2)] ?? 0;
      tokens += ((packed >>> (8 * (head & 3))) & 0xff) - 128;
    }
    let logit = (heads.biases[head] ?? 0) + (tokens * (heads.scales[head] ?? 0) * 0.2) / Math.sqrt(reading.grams.count);
    FEATURE_NAMES.forEach((_name, feature) => {
      logit += (reading.features[feature] ?? 0) * (heads.features[feature * HEAD_NAMES.length + head] ?? 0);
    });
    expect(out[head]).toBeCloseTo(logit, 4);
  });
});

test('the calibration worked into the weights says what slope and offset make of every logit', () => {
  const heads = parseHeads(file);
  const reading = readRequest({
    ...EMPTY,
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'Prove that 3 x + 4 = y has a solution, then plan it.' }] },
    ],
  });
  const raw = new Float64Array(HEAD_NAMES.length);
  const told = new Float64Array(HEAD_NAMES.length);
  readHeads(heads, reading, raw);
  readHeads(calibrated(heads), reading, told);
  HEAD_NAMES.forEach((_, head) => {
    expect(told[head]).toBeCloseTo((raw[head] ?? 0) * (heads.slopes[head] ?? 0) + (heads.offsets[head] ?? 0), 4);
  });
});

test('failures and levels are shipped calibrated, and no calibration turns a head round', () => {
  const { slopes, offsets } = parseHeads(file);
  for (const head of [...FAIL_HEADS, ...LEVEL_HEADS].keys()) {
    expect([slopes[head], offsets[head]]).not.toEqual([1, 0]);
  }
  for (const slope of slopes) expect(slope).toBeGreaterThan(0);
});
