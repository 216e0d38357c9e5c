import { tryParseJson } from '../../src/lib/json.ts';
import type { Random } from './random.ts';

const DEEP = 60_000;

/** JSON texts to put in the place of any value; some are no JSON at all. */
const EVIL = [
  'null',
  'true',
  '-1',
  '0',
  '1.5',
  '-0',
  '1e308',
  '-1e308',
  '1e999',
  '9007199254740993',
  '18446744073709551616',
  'NaN',
  '"NaN"',
  '"-1"',
  '""',
  '"\\ud83d"',
  '"\\u0000"',
  '"__proto__"',
  '"data: [DONE]\\n\\ndata: {}"',
  '[]',
  '[[]]',
  '[null]',
  '{}',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{}},"toString":1}',
  '{"type":null,"text":{},"id":[]}',
  '{"error":null}',
  '{"error":{"message":"boom","code":"1e3"}}',
  "'single'",
  'undefined',
] as const;
/** Bigger ones, drawn less often. */
const HUGE = [
  () => '['.repeat(DEEP) + ']'.repeat(DEEP),
  () => `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`,
  () => `[${'{},'.repeat(5000)}{}]`,
  () => `"${'x'.repeat(100_000)}"`,
] as const;
const MEGABYTE = 2 ** 20;

/** One to three changes somewhere inside a JSON value, as text: types swapped, keys lost or doubled, absurd numbers. */
export function spoilJson(value: unknown, random: Random): string {
  let spoilt = structuredClone(value);
  const inserts = new Map<string, string>();
  for (let left = 1 + random.below(3); left > 0; left--) spoilt = spoilOnce(spoilt, { random, inserts });
  let text = JSON.stringify(spoilt) ?? 'null';
  for (const [mark, evil] of inserts) text = text.replace(`"${mark}"`, () => evil);
  return text;
}

interface Spoiling {
  random: Random;
  /** JSON texts by the strings that stand for them until all is text. */
  inserts: Map<string, string>;
}

function spoilOnce(root: unknown, spoiling: Spoiling): unknown {
  const { random } = spoiling;
  const holders = holdersIn(root);
  if (holders.length === 0 || random.chance(0.03)) return evilMark(spoiling);
  const holder = random.pick(holders);
  const keys = Object.keys(holder);
  const key = random.pick(keys);
  const other = random.pick(keys);
  const slots = holder as Record<string, unknown>;
  switch (random.below(7)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete slots[key];
      break;
    case 1:
      if (Array.isArray(holder)) holder.push(structuredClone(slots[key]));
      else slots[random.pick(['index', 'id', 'type', 'extra', 'content', 'error'])] = structuredClone(slots[key]);
      break;
    case 2:
      [slots[key], slots[other]] = [slots[other], slots[key]];
      break;
    case 3:
      if (typeof slots[key] === 'string') slots[key] = spoilText(slots[key], random);
      else slots[key] = [slots[key]];
      break;
    default:
      slots[key] = evilMark(spoiling);
  }
  return root;
}

function evilMark({ random, inserts }: Spoiling): string {
  const mark = `@@${inserts.size}@@`;
  const draw = random.fraction();
  const evil = draw < 0.0005 ? `"${'é'.repeat(MEGABYTE / 2)}"` : draw < 0.02 ? random.pick(HUGE)() : random.pick(EVIL);
  inserts.set(mark, evil);
  return mark;
}

/** Every object and list that holds something. */
function holdersIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(holdersIn);
  return Object.keys(value).length > 0 ? [value, ...inner] : inner;
}

function spoilText(text: string, random: Random): string {
  return random.pick([
    '',
    text + text,
    `${text}\ud800`,
    `${text}\r\n\r\ndata: x`,
    text.slice(random.below(text.length)),
    '\u2028',
  ]);
}

/** Frames that no server should send, or not there. */
const STRAY_FRAMES = [
  ': ping\n\n',
  '\n\n\n',
  'data:\n\n',
  'data: \n\n',
  'event: error\n\n',
  'data: [DONE]\n\n',
  'data: null\n\n',
  'data: []\n\n',
  'data: {}\n\n',
  'data: {"type":"unheard_of","index":3}\n\n',
  'data: {"error":{"message":"The server had an error","type":"server_error","code":500}}\n\n',
  'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n',
  '{"error":{"code":503,"message":"overloaded","status":"UNAVAILABLE"}}\n\n',
  '[{\n  "error": {\n\n    "code": 500 }\n}\n]\n\n',
  '<html><body>502 Bad Gateway</body></html>\n\n',
  'id: 1\nretry: 1\n\n',
  'data: {"a":\n\n',
  'event: message_stop\ndata: {"type":"message_stop"}\n\n',
  'data: {"candidates":[]}\n\n',
  'data: {"choices":[],"usage":{"prompt_tokens":-5,"completion_tokens":1e300,"total_tokens":null}}\n\n',
] as const;

/** Frames dropped, doubled, moved, strange ones in between, and the JSON inside some of them spoilt. */
export function spoilFrames(frames: readonly string[], random: Random): string[] {
  const spoilt = [...frames];
  for (let left = 1 + random.below(3); left > 0; left--) {
    const at = random.below(spoilt.length);
    switch (random.below(7)) {
      case 0:
        spoilt.splice(at, 1);
        break;
      case 1:
        spoilt.splice(at, 0, spoilt[at] ?? '');
        break;
      case 2:
        spoilt.splice(random.below(spoilt.length), 0, ...spoilt.splice(at, 1));
        break;
      case 3:
        spoilt.splice(at, 0, random.pick(STRAY_FRAMES));
        break;
      case 4:
        spoilt.splice(at);
        break;
      default:
        spoilt[at] = spoilFrame(spoilt[at] ?? '', random);
    }
  }
  return spoilt;
}

function spoilFrame(frame: string, random: Random): string {
  return frame.replace(/^data: (\{.*\})/m, (line, data: string) => {
    // What has been spoilt before may be beyond reading.
    const value = data.length < 20_000 ? tryParseJson(data) : undefined;
    return value === undefined ? line : `data: ${spoilJson(value, random)}`;
  });
}

/** Bytes cut off, changed, put in and left out: inside characters, too. */
export function spoilBytes(bytes: Uint8Array, random: Random): Uint8Array {
  let spoilt = Uint8Array.from(bytes);
  for (let left = 1 + random.below(4); left > 0; left--) {
    const at = random.below(spoilt.length);
    switch (random.below(4)) {
      case 0:
        spoilt = spoilt.slice(0, at);
        break;
      case 1:
        spoilt[at] = random.below(256);
        break;
      case 2:
        spoilt = Uint8Array.from([...spoilt.slice(0, at), random.below(256), random.below(256), ...spoilt.slice(at)]);
        break;
      default:
        spoilt = Uint8Array.from([...spoilt.slice(0, at), ...spoilt.slice(at + 1 + random.below(8))]);
    }
  }
  return spoilt;
}
