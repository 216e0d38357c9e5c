import { EXCEPTIONS, REFUSED, type Verdict } from './conformance.ts';

/** What people look for, and the tags of the recordings that have it. */
const FEATURES: readonly [string, RegExp][] = [
  ['text', /^(text|string-content|input-string|inline:text|text\+tool-call)$/],
  ['several turns', /^multi-turn$/],
  [
    'system and developer instructions',
    /^(system-prompt|system-blocks|developer-role|instructions|system-in-messages)$/,
  ],
  ['tools', /^(tools|tool-choice:.*|strict-tool|parallel-tool-calls-disabled)$/],
  ['tool calls', /^(tool-call|tool-call-stream|in:function_call|tool-call-no-args|function-call-id)$/],
  ['parallel tool calls', /^(tool-calls-parallel|tool-results-multiple)$/],
  ['tool results', /^(tool-result|tool-result-multimodal|in:function_call_output|function-response-id)$/],
  ['images', /^(image-.*)$/],
  ['PDF and files', /^(pdf-.*|file-.*|document-.*)$/],
  ['audio', /^(audio.*|input-audio.*)$/],
  ['structured output', /^(json-schema.*|json-mode|responseSchema|responseJsonSchema|beta:structured-outputs)$/],
  ['reasoning', /^(reasoning-.*|thinking.*|include-thoughts|thought-summary|reasoning)$/],
  ['signatures and encrypted reasoning', /(signature|encrypted)/],
  ['prompt cache', /^(cache-.*|cached-tokens|p:prompt_cache_key)$/],
  ['tools the provider runs', /^(server-tool.*|.*server_tool_use|grounding|url-context|.*mcp.*)$/],
  ['citations', /^(citations.*|annotations.*|url-citation)$/],
  ['log probabilities', /^logprobs/],
  ['several answers', /^(n:.*|p:n|p:candidateCount|candidates.*)$/],
  ['refusals and filters', /^(refusal.*|.*SAFETY|blocked.*|content-filter.*|safety-.*|stop:refusal)$/],
  ['truncation', /^(finish:length|stop:max_tokens|finish:MAX_TOKENS|incomplete:.*|status:incomplete)$/],
  ['stop sequences', /^(stop-sequence.*|stop:stop_sequence|p:stop)$/],
  ['streams', /^stream$/],
  ['errors', /^error/],
];

const COLUMNS: readonly [string, readonly string[]][] = [
  ['OpenAI Chat', ['openai-chat']],
  ['OpenAI Responses', ['openai-responses']],
  ['Anthropic Messages', ['anthropic-messages']],
  ['Google generate', ['gemini-generate', 'gemini-stream']],
];

const NEIGHBOURS: readonly [string, string][] = [
  [
    'OpenAI and Google embeddings',
    'held against their dialects in `src/dialects/openai-embeddings` and `src/dialects/google-embed`',
  ],
  ['token counts of all three', 'held against their formats in `src/dialects/token-count`'],
  ['model lists of all three', 'made from our own catalogue, in each SDK’s shape (`test/e2e/sdk.test.ts`)'],
  ['Google cached contents', 'not served: a cache belongs to the account that made it, which here is the gateway’s'],
  ['OpenAI legacy completions', 'not served: no model of today’s catalogue takes them'],
  ['OpenAI moderations', 'not served: they are no answer of a model'],
];

/** The page `docs/conformance.md`, from what was checked. */
export function renderReport(verdicts: readonly Verdict[]): string {
  const columns = COLUMNS.map(([name, dialects]) => ({
    name,
    verdicts: verdicts.filter(({ recording }) => dialects.includes(recording.dialect)),
  }));
  const row = (name: string, has: (verdict: Verdict) => boolean): string =>
    `| ${[name, ...columns.map((column) => score(column.verdicts.filter(has)))].join(' | ')} |`;

  return [
    '# Conformance',
    '',
    'Recorded exchanges with the real providers, held against our dialects: how many of them are as they should be. Each',
    'request is parsed as a client’s and rendered back without loss; each reply is served as the provider’s, frame for frame,',
    'and folded into the text, the calls and the tokens by class that an independent reader finds in it. This page is written',
    'by `bun test/contract/write-report.ts`; the test that holds it against the recordings is `test/contract/conformance.test.ts`.',
    '',
    `| feature | ${columns.map(({ name }) => name).join(' | ')} |`,
    `|---|${columns.map(() => '---').join('|')}|`,
    ...FEATURES.map(([name, tags]) => row(name, ({ recording }) => recording.tags.some((tag) => tags.test(tag)))),
    row('**all**', () => true),
    '',
    '## Beside the chats',
    '',
    '| recordings | what becomes of them |',
    '|---|---|',
    ...NEIGHBOURS.map(([name, fate]) => `| ${name} | ${fate} |`),
    '',
    '## Read otherwise or refused, and why',
    '',
    ...Object.entries({ ...EXCEPTIONS, ...REFUSED }).map(([id, reason]) => `- \`${id}\`: ${reason}`),
    '',
  ].join('\n');
}

function score(verdicts: readonly Verdict[]): string {
  if (verdicts.length === 0) return '–';
  const passed = verdicts.filter(({ problem }) => problem === null).length;
  return `${passed} of ${verdicts.length}`;
}
