import { expect, test } from 'bun:test';
import { tryParseJson } from '../../src/lib/json.ts';
import { hostileCase } from './cases.ts';
import { DIALECTS } from './dialects.ts';
import { readStream, tellAll } from './in-process.ts';
import { complaintAboutEvents } from './legal-events.ts';
import { recordedFixtures } from './recorded-fixtures.ts';

const CASES = 4000;
const SEED = Number(process.env.HOSTILE_SEED ?? 2);

test(
  `${CASES} spoilt replies are read as events in their order, and told to everybody`,
  () => {
    const fixtures = recordedFixtures();
    for (let id = 0; id < CASES; id++) {
      const { provider, stream, pieces } = hostileCase(id, SEED, fixtures);
      const dialect = DIALECTS[provider];
      const text = Buffer.concat(pieces).toString();
      const events = stream ? readStream(dialect, text) : dialect.parseReply(tryParseJson(text));
      expect([id, complaintAboutEvents(events)]).toEqual([id, null]);
      tellAll(events);
    }
  },
  { timeout: 60_000 },
);
