import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { holds } from './check.ts';
import { meaningOf, sent, targetOf } from './wire.ts';
import { wiresByName } from './wires/index.ts';

setDefaultTimeout(60_000);

describe.each(wiresByName)('%s', (_, { dialect, kinds, path }) => {
  test.each(kinds.map((kind) => [kind.name, kind] as const))(
    'a request to %s comes back as it was',
    (_, { reasoning, request }) => {
      holds(request, (asked) => {
        const { body, dropped } = dialect.renderRequest(asked, targetOf(asked, reasoning));
        expect(dropped).toEqual([]);
        expect(meaningOf(dialect.parseRequest(sent(body), path(asked)))).toEqual(meaningOf(asked));
      });
    },
  );
});
