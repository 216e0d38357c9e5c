import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { GatewayError } from '../../src/errors.ts';
import { DIALECTS } from './dialects.ts';
import { FIXTURES, type Fixture } from './fixtures/index.ts';
import { readStream, tellAll } from './in-process.ts';
import { complaintAboutEvents } from './legal-events.ts';

setDefaultTimeout(60_000);

// Each value of each good reply is replaced by each of these, one at a time: what a random draw finds late is found here.

const EVIL = [
  'null',
  'true',
  '-1',
  '1.5',
  '1e308',
  '1e999',
  '9007199254740993',
  '""',
  '"\\ud83d"',
  '"__proto__"',
  '[]',
  '[null,1,"a",[],{}]',
  '{}',
  '{"__proto__":{"polluted":true},"toString":1}',
  '{"error":{"message":"boom"}}',
];
const LEVELS = 60_000;
const DEEP = [`${'['.repeat(LEVELS)}${']'.repeat(LEVELS)}`, `${'{"a":'.repeat(LEVELS)}1${'}'.repeat(LEVELS)}`];
const MARK = '@@here@@';

/** The JSON text of the value with a mark in the place of one of its parts, for every part. */
function* everyPlace(value: unknown): Generator<string> {
  yield JSON.stringify(MARK);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    for (const marked of everyPlace(inner)) {
      const at = { [key]: JSON.parse(marked) };
      yield JSON.stringify(Array.isArray(value) ? Object.assign([...value], at) : { ...value, ...at });
    }
  }
}

/** Every place holds each of the strange values in turn, and every fifth one the deep ones, which take long to read. */
function everyWay(value: unknown): string[] {
  return [...everyPlace(value)].flatMap((marked, index) =>
    [...EVIL, ...(index % 5 === 0 ? DEEP : [])].map((evil) => marked.replace(JSON.stringify(MARK), () => evil)),
  );
}

describe.each(FIXTURES.map((fixture) => [fixture.wire, fixture] as const))(
  '%s',
  (wire, { bodies, streams, errors }: Fixture) => {
    const dialect = DIALECTS[wire];

    test('a body with something strange in any one place is read and told to everybody', () => {
      for (const body of bodies) {
        for (const text of everyWay(body)) {
          const events = dialect.parseReply(JSON.parse(text));
          expect([complaintAboutEvents(events), text.slice(0, 2000)]).toEqual([null, text.slice(0, 2000)]);
          tellAll(events);
        }
      }
    });

    test('a stream with something strange in any one place is read and told to everybody', () => {
      for (const frames of streams) {
        for (const [at, frame] of frames.entries()) {
          const data = /^data: (\{.*\})/m.exec(frame)?.[1];
          if (data === undefined) continue;
          for (const text of everyWay(JSON.parse(data))) {
            const sent = frames
              .with(
                at,
                frame.replace(data, () => text),
              )
              .join('');
            const events = readStream(dialect, sent);
            expect([complaintAboutEvents(events), text.slice(0, 2000)]).toEqual([null, text.slice(0, 2000)]);
            tellAll(events);
          }
        }
      }
    });

    test('an error with something strange in any one place is understood and told to everybody', () => {
      for (const text of errors.flatMap(everyWay)) {
        for (const status of [400, 401, 404, 429, 500]) {
          const error = dialect.parseError(status, JSON.parse(text), new Headers());
          expect(error).toBeInstanceOf(GatewayError);
          expect(error.code).not.toBe('internal');
          for (const client of Object.values(DIALECTS)) {
            const told = client.renderError(error, 'r1');
            expect(told.status).toBeGreaterThanOrEqual(400);
            expect(() => Response.json(told.body, told)).not.toThrow();
          }
        }
      }
    });
  },
);

test('nothing has changed what all objects have', () => {
  expect('polluted' in {}).toBe(false);
});
