import { FEATURE_NAMES, type Reading } from './features.ts';
import { type Grams, MAX_KEYS } from './grams.ts';
import { REQUEST_KINDS } from './request-kind.ts';

/*
 * The learned part of the classifier: one linear model ("head") for each question, over the features and the hashed tokens.
 * `bun run lab:train` writes the file; docs/model-card.md says what from.
 *
 *   4 bytes  "LGWH"
 *   u32      version of this layout
 *   u64      xxHash64 of everything that follows
 *   u32      bytes of the head of the file, JSON
 *   …        the JSON, padded with spaces to a multiple of 4
 *   f32[]    biases, scales, slopes and offsets, one of each a head, then the features' weights, one row of heads a feature
 *   u8[]     the tokens' weights plus 128, one row of heads a column, padded to a multiple of four heads
 */

export const MAGIC = 0x4857474c;
export const VERSION = 2;
const PREAMBLE_BYTES = 20;

/** How much a token of a one-token text counts; they share it, so that long texts do not outshout short ones. */
export const TOKEN_SCALE = 0.2;

export const FAIL_HEADS = ['fail.small', 'fail.medium', 'fail.large', 'fail.frontier'] as const;
export const LEVEL_HEADS = ['above.simple', 'above.moderate', 'above.complex'] as const;
export const KIND_HEADS = REQUEST_KINDS.map((kind) => `kind.${kind}` as const);
/** What every file must answer, in this order. */
export const HEAD_NAMES: readonly string[] = Object.freeze([...FAIL_HEADS, ...LEVEL_HEADS, ...KIND_HEADS]);

const HEADS_PER_WORD = 4;
export const WORDS = Math.ceil(HEAD_NAMES.length / HEADS_PER_WORD);

export interface Heads {
  /** Columns for tokens: two to the power of this. */
  bits: number;
  biases: Float32Array;
  scales: Float32Array;
  /** What makes a chance of a logit, fitted on rows that were not learned from: the logit times the slope plus the offset. */
  slopes: Float32Array;
  offsets: Float32Array;
  features: Float32Array;
  /** Four bytes a number, `WORDS` numbers a column. */
  tokens: Int32Array;
}

interface HeaderJson {
  bits: number;
  heads: string[];
  features: string[];
}

/** Reads a file of heads. Throws with a sentence when it is damaged or was made for another version of the features. */
export function parseHeads(bytes: Uint8Array): Heads {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < PREAMBLE_BYTES || view.getUint32(0, true) !== MAGIC)
    throw new Error('This is no file of heads.');
  if (view.getUint32(4, true) !== VERSION)
    throw new Error(`Heads of version ${view.getUint32(4, true)} cannot be read.`);
  if (view.getBigUint64(8, true) !== Bun.hash.xxHash64(bytes.subarray(16)))
    throw new Error('The file of heads is damaged.');

  const headerBytes = view.getUint32(16, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(PREAMBLE_BYTES, PREAMBLE_BYTES + headerBytes)));
  const { bits, heads, features }: HeaderJson = header;
  if (String(heads) !== String(HEAD_NAMES) || String(features) !== String(FEATURE_NAMES)) {
    throw new Error('The heads were trained for other features; run `bun run lab:train`.');
  }

  const width = HEAD_NAMES.length;
  let at = PREAMBLE_BYTES + headerBytes;
  const floats = (count: number): Float32Array => {
    const values = new Float32Array(count);
    for (let index = 0; index < count; index++, at += 4) values[index] = view.getFloat32(at, true);
    return values;
  };
  const biases = floats(width);
  const scales = floats(width);
  const slopes = floats(width);
  const offsets = floats(width);
  const featureWeights = floats(width * FEATURE_NAMES.length);
  const size = WORDS << bits;
  if (bytes.byteLength - at !== size * 4) throw new Error('The file of heads has the wrong length.');
  const tokens = new Int32Array(size);
  for (let index = 0; index < size; index++, at += 4) tokens[index] = view.getInt32(at, true);
  return { bits, biases, scales, slopes, offsets, features: featureWeights, tokens };
}

/** The same heads with their calibration worked into the weights, so that applying it costs a request nothing. */
export function calibrated(heads: Heads): Heads {
  const { slopes, offsets } = heads;
  const width = HEAD_NAMES.length;
  const slopeOf = (head: number): number => slopes[head] ?? 1;
  return {
    ...heads,
    biases: heads.biases.map((bias, head) => bias * slopeOf(head) + (offsets[head] ?? 0)),
    scales: heads.scales.map((scale, head) => scale * slopeOf(head)),
    slopes: slopes.map(() => 1),
    offsets: offsets.map(() => 0),
    features: heads.features.map((weight, index) => weight * slopeOf(index % width)),
  };
}

export function renderHeads({ bits, biases, scales, slopes, offsets, features, tokens }: Heads): Uint8Array {
  const header: HeaderJson = { bits, heads: [...HEAD_NAMES], features: [...FEATURE_NAMES] };
  const json = JSON.stringify(header);
  const headerJson = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 4) * 4));
  const parts = [biases, scales, slopes, offsets, features].map((part) => new Uint8Array(part.buffer));
  const body = Buffer.concat([headerJson, ...parts, new Uint8Array(tokens.buffer)]);
  const bytes = Buffer.alloc(PREAMBLE_BYTES + body.length);
  bytes.writeUInt32LE(MAGIC, 0);
  bytes.writeUInt32LE(VERSION, 4);
  bytes.writeUInt32LE(headerJson.length, 16);
  body.copy(bytes, PREAMBLE_BYTES);
  bytes.writeBigUInt64LE(Bun.hash.xxHash64(bytes.subarray(16)), 8);
  return bytes;
}

/** Signed bytes are kept as unsigned ones, so that four sums fit into two numbers without carrying into each other. */
const BYTE_BIAS = 128;
const LANES = 0x00ff00ff;
/** As many bytes as surely fit into a lane of 16 bits. */
const BLOCK = 256;

const rows = new Int32Array(MAX_KEYS);
const sums = new Float64Array(HEADS_PER_WORD * WORDS);

/** The logit of every head for one request, in the order of `HEAD_NAMES`, written to `out`. */
export function readHeads(heads: Heads, { features, grams }: Reading, out: Float64Array): void {
  const { biases, scales } = heads;
  const { count } = grams;
  addTokens(heads, grams);
  const share = TOKEN_SCALE / Math.sqrt(Math.max(1, count));
  const width = HEAD_NAMES.length;
  for (let head = 0; head < width; head++) {
    out[head] = (biases[head] ?? 0) + ((sums[head] ?? 0) - BYTE_BIAS * count) * (scales[head] ?? 0) * share;
  }
  for (let feature = 0; feature < features.length; feature++) {
    const value = features[feature] ?? 0;
    if (value === 0) continue;
    const from = feature * width;
    for (let head = 0; head < width; head++) out[head] = (out[head] ?? 0) + value * (heads.features[from + head] ?? 0);
  }
}

/** Adds the tokens' bytes up, four heads at a time: the heart of the classifier, and most of its time. */
function addTokens({ bits, tokens }: Heads, { keys, count }: Grams): void {
  const mask = (1 << bits) - 1;
  for (let index = 0; index < count; index++) rows[index] = ((keys[index] ?? 0) & mask) * WORDS;
  sums.fill(0);
  for (let word = 0; word < WORDS; word++) {
    const head = word * HEADS_PER_WORD;
    for (let start = 0; start < count; start += BLOCK) {
      const end = Math.min(count, start + BLOCK);
      let even = 0;
      let odd = 0;
      for (let index = start; index < end; index++) {
        const packed = tokens[(rows[index] ?? 0) + word] ?? 0;
        even += packed & LANES;
        odd += (packed >>> 8) & LANES;
      }
      sums[head] = (sums[head] ?? 0) + (even & 0xffff);
      sums[head + 1] = (sums[head + 1] ?? 0) + (odd & 0xffff);
      sums[head + 2] = (sums[head + 2] ?? 0) + (even >>> 16);
      sums[head + 3] = (sums[head + 3] ?? 0) + (odd >>> 16);
    }
  }
}

/** Four signed bytes, lowest head first, as one number of the table. */
export function packBytes(bytes: readonly number[]): number {
  return bytes.reduce((packed, byte, index) => packed | ((byte + BYTE_BIAS) << (8 * index)), 0);
}
