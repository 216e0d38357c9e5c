import { plainRequest } from '../../src/chat/fixture.ts';
import type { ChatRequest } from '../../src/chat/request.ts';
import { anthropicMessages } from '../../src/dialects/anthropic-messages/index.ts';
import type { Dialect } from '../../src/dialects/dialect.ts';
import { googleGenerate } from '../../src/dialects/google-generate/index.ts';
import { openaiChat } from '../../src/dialects/openai-chat/index.ts';
import { openaiResponses } from '../../src/dialects/openai-responses/index.ts';
import { GatewayError } from '../../src/errors.ts';

const TARGETS: Dialect[] = [openaiChat, openaiResponses, anthropicMessages, googleGenerate];
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const tool = { type: 'function' as const, name: 'look', parameters: { type: 'object', properties: {} } };

/** What a request can carry besides text, by the name it has in the tables. */
const FIELDS: [string, Partial<ChatRequest>][] = [
  ['temperature up to 1', { temperature: 0.5 }],
  ['temperature above 1', { temperature: 1.5 }],
  ['topP', { topP: 0.5 }],
  ['topK', { topK: 5 }],
  ['presencePenalty', { presencePenalty: 0.5 }],
  ['frequencyPenalty', { frequencyPenalty: 0.5 }],
  ['seed', { seed: 7 }],
  ['stop', { stop: ['END'] }],
  ['choices', { choices: 2 }],
  ['topLogprobs', { topLogprobs: 2 }],
  ['user', { user: 'ann' }],
  ['metadata', { metadata: { team: 'red' } }],
  ['serviceTier', { serviceTier: 'flex' }],
  ['tools', { tools: [tool] }],
  ['strict tools', { tools: [{ ...tool, strict: true }] }],
  ['custom tools', { tools: [{ type: 'custom', name: 'run' }] }],
  ['parallelToolCalls: false', { tools: [tool], parallelToolCalls: false }],
  ['a forced tool', { tools: [tool], toolChoice: { type: 'tool', name: 'look' } }],
  ['JSON output', { output: { type: 'json' } }],
  [
    'JSON schema output',
    {
      output: {
        type: 'json-schema',
        name: 'x',
        schema: { type: 'object', properties: {}, additionalProperties: false },
      },
    },
  ],
  ['reasoning effort', { reasoning: { effort: 'low' } }],
  ['reasoning budget', { reasoning: { budgetTokens: 2048 } }],
  ['image, base64', media({ type: 'image', source: { type: 'base64', mediaType: 'image/png', data: PIXEL } })],
  ['image, URL', media({ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } })],
  [
    'PDF, base64',
    media({
      type: 'file',
      filename: 'a.pdf',
      source: { type: 'base64', mediaType: 'application/pdf', data: 'JVBERi0=' },
    }),
  ],
  ['audio', media({ type: 'audio', source: { type: 'base64', mediaType: 'audio/wav', data: 'UklGRg==' } })],
];

type UserPart = Extract<ChatRequest['messages'][number], { role: 'user' }>['content'][number];

function media(part: UserPart): Partial<ChatRequest> {
  return { messages: [{ role: 'user', content: [{ type: 'text', text: 'hello' }, part] }] };
}

/** The table of what becomes of each field in each target dialect, for a client of any other. */
export function renderFieldTable(): string[] {
  return [
    `| field | ${TARGETS.map(({ id }) => id).join(' | ')} |`,
    `|---|${TARGETS.map(() => '---').join('|')}|`,
    ...FIELDS.map(([name, fields]) => `| ${[name, ...TARGETS.map((target) => verdict(target, fields))].join(' | ')} |`),
  ];
}

/** A model that thinks and one that does not can differ: some vendors refuse sampling parameters of the former. */
function verdict(target: Dialect, fields: Partial<ChatRequest>): string {
  const [plain = '', thinking = ''] = [false, true].map((supported) => judge(target, { fields, supported }));
  return plain === thinking ? plain : `${plain}; ${thinking} where the model thinks`;
}

function judge(target: Dialect, { fields, supported }: { fields: Partial<ChatRequest>; supported: boolean }): string {
  const request = plainRequest('hello', { model: 'm', ...fields });
  const reasoning = { supported, required: false, efforts: supported ? ['low', 'medium', 'high'] : [] };
  try {
    const { dropped } = target.renderRequest(request, { model: 'm', stream: false, maxOutputTokens: 8000, reasoning });
    return dropped.length === 0 ? 'yes' : 'left out';
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'unsupported') return 'refused';
    throw error;
  }
}
