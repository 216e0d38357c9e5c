import { renderFieldTable } from './fields.ts';
import { LIMITS, type Limit } from './limits.ts';

/** What became of one conversation of a client with a provider. */
export interface Field {
  clientDialect: string;
  providerDialect: string;
  conversation: string;
  outcome: 'ok' | 'dropped' | 'refused' | 'unsayable' | 'failed';
}

export const DIALECTS = ['openai-chat', 'openai-responses', 'anthropic-messages', 'google-generate'];

/** The page `docs/translation.md`, from what was tried. */
export function renderReport(fields: readonly Field[], titles: readonly string[]): string {
  return [
    '# Translation',
    '',
    'Every client dialect reaches every provider dialect. Official SDKs (`openai`, `@anthropic-ai/sdk`, `@google/genai` and the',
    'Vercel AI SDK) hold the same conversations with each provider, streamed and not, and what arrives on both sides is checked:',
    `${titles.join(', ')}.`,
    'This page is written by `bun test/cross/write-report.ts` from what `test/cross` found.',
    '',
    '## Conversations that went as they should',
    '',
    'Of all that the client can say. One in which something was left out by name, or refused by name, counts as it should.',
    '',
    `| client ↓, provider → | ${DIALECTS.join(' | ')} |`,
    `|---|${DIALECTS.map(() => '---').join('|')}|`,
    ...DIALECTS.map(
      (client) => `| ${[client, ...DIALECTS.map((provider) => score(fields, { client, provider }))].join(' | ')} |`,
    ),
    '',
    '## What is left out or refused',
    '',
    'Between equal dialects nothing is: the client’s own body goes on. Only where the gateway chose one of OpenAI’s reasoning models is',
    'it spared the sampling fields it refuses. Elsewhere a field the target cannot express is left out. What is left out is',
    'named in the reply’s `x-gateway-dropped` header; where the answer would be to another question, refused with 400.',
    '',
    '| client | provider | when | what happens | why |',
    '|---|---|---|---|---|',
    ...LIMITS.map(renderLimit),
    '',
    '## Field by field',
    '',
    'What becomes of a field on its way to a provider of another dialect: *yes*, in that dialect’s words or emulated; *left out* and',
    'named; *refused*.',
    '',
    ...renderFieldTable(),
    '',
  ].join('\n');
}

function score(fields: readonly Field[], pair: { client: string; provider: string }): string {
  const said = fields.filter(({ clientDialect, providerDialect, outcome }) => {
    return clientDialect === pair.client && providerDialect === pair.provider && outcome !== 'unsayable';
  });
  return `${said.filter(({ outcome }) => outcome !== 'failed').length} of ${said.length}`;
}

function renderLimit({ client, sdk, provider, conversation, reason, verdict }: Limit): string {
  const who = [client ?? 'any', ...(sdk ? [`(${sdk})`] : [])].join(' ');
  const what =
    verdict.type === 'dropped' ? `\`${verdict.name}\` is left out and named` : `refused with ${verdict.status}`;
  return `| ${[who, provider ?? 'any other', conversation ?? 'always', what, reason].join(' | ')} |`;
}
