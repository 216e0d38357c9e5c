import { type Recording, readRecordings } from '../contract/recordings.ts';
import { FIXTURES, type Fixture, type WireId } from './fixtures/index.ts';

const WIRES: Record<string, WireId> = {
  'openai-chat': 'openai-chat',
  'openai-responses': 'openai-responses',
  'anthropic-messages': 'anthropic-messages',
  'gemini-generate': 'google-generate',
  'gemini-stream': 'google-generate',
};
/** Large ones would only be slow. */
const MOST_CHARACTERS = 12_000;

/** Recorded replies as further fixtures, one of each; none where the recordings are not at hand. */
export function recordedFixtures(): Fixture[] {
  return readRecordings(Object.keys(WIRES)).flatMap(({ dialect, response }): Fixture[] => {
    const wire = WIRES[dialect];
    if (!wire || response.raw !== undefined || JSON.stringify(response).length > MOST_CHARACTERS) return [];
    return fixtureOf(wire, response);
  });
}

function fixtureOf(wire: WireId, { status, body, stream }: Recording['response']): Fixture[] {
  // What a recording is no example of stays that of our own.
  const own = FIXTURES.find((fixture) => fixture.wire === wire);
  if (!own) return [];
  const isObject = typeof body === 'object' && body !== null;
  if (status >= 400) return isObject ? [{ ...own, errors: [body] }] : [];
  if (stream) return [{ ...own, streams: [stream.split(/(?<=\r?\n\r?\n)(?=[^\r\n])/)] }];
  return isObject ? [{ ...own, bodies: [body] }] : [];
}
