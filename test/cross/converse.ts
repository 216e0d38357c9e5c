import { expect } from 'bun:test';
import type { Conversation, Expected, Step } from './conversations.ts';
import type { House } from './house.ts';
import type { ProviderRow } from './providers.ts';
import type { Client, Heard, ToolAnswer } from './talk.ts';
import { type Exchange, promptOf, proofsIn } from './witness.ts';

export interface Pair {
  house: House;
  client: Client;
  provider: ProviderRow;
  conversation: Conversation;
  isStreamed: boolean;
  /** From this step on another provider answers. */
  change?: { step: number; to: ProviderRow };
}

/** Has a whole conversation and hands back what was heard at each step. Throws what the SDK throws. */
export async function converse(pair: Pair): Promise<Heard[]> {
  const { house, client, provider, conversation, isStreamed, change } = pair;
  const { gateway, witness } = house;
  witness.exchanges.length = 0;
  const line = { url: gateway.url, key: gateway.key, conversation, isStreamed, ...manner(pair, provider) };
  const talk = client.open(line);
  const heard: Heard[] = [];
  for (const [index, step] of conversation.steps.entries()) {
    if (change?.step === index) Object.assign(line, manner(pair, change.to));
    const answers = step.say === undefined ? answersTo(heard.at(-1), conversation) : null;
    heard.push(answers ? await talk.answer(answers, step) : await talk.say(step));
  }
  return heard;
}

function manner({ conversation }: Pair, { model, thinkingModel, thinksBy }: ProviderRow) {
  return { model: conversation.thinks ? thinkingModel : model, thinksBy };
}

function answersTo(heard: Heard | undefined, { results = {} }: Conversation): ToolAnswer[] {
  return (heard?.calls ?? []).map(({ id, name }) => {
    const { text = `There is no tool "${name}".`, isError = false } = results[name] ?? {};
    return { id, name, text, isError };
  });
}

/** Holds what was heard against what the conversation expects. */
export function checkHeard(heard: Heard[], { client, conversation }: Pair): void {
  for (const [index, { expect: expected }] of conversation.steps.entries()) {
    const reply = heard[index];
    if (!reply) throw new Error(`Step ${index + 1} was not answered.`);
    checkReply(reply, expected, client.blindTo?.[conversation.id] !== undefined);
  }
}

function checkReply(reply: Heard, expected: Expected, isBlind: boolean): void {
  expect(isBlind ? [expected.finish, 'stop'] : [expected.finish]).toContain(reply.finish as never);
  for (const piece of expected.text ?? []) expect(reply.text).toContain(piece);
  for (const piece of expected.without ?? []) expect(reply.text).not.toContain(piece);
  if (expected.isSilent) expect(reply.text).toBe('');
  if (expected.json !== undefined) expect(JSON.parse(reply.text)).toEqual(expected.json);
  if (expected.calls) {
    expect(reply.calls.map(({ name, args }) => ({ name, args }))).toEqual(expected.calls);
    // Google's models before Gemini 3 name no ids.
    const ids = reply.calls.map(({ id }) => id).filter((id) => id !== '');
    expect(new Set(ids).size).toBe(ids.length);
  }
  if (expected.answers) {
    expect(reply.answers).toHaveLength(expected.answers.length);
    for (const [index, piece] of expected.answers.entries()) expect(reply.answers[index]).toContain(piece);
  }
  expect(reply.usage.input).toBeGreaterThan(0);
  if (expected.finish !== 'refusal' && !expected.isSilent) expect(reply.usage.output).toBeGreaterThan(0);
}

/** Holds what the provider was sent against what the conversation expects. */
export async function checkUpstream(heard: Heard[], { house, client, provider, conversation }: Pair): Promise<void> {
  const { exchanges } = house.witness;
  expect(exchanges.map(({ status }) => status)).toEqual(conversation.steps.map(() => 200));
  for (const [index, step] of conversation.steps.entries()) {
    const exchange = exchanges[index];
    if (exchange) checkRequest(exchange, step, { conversation, client });
    if (exchange && index > 0) checkPrefix(exchanges[index - 1], exchange);
  }
  if (conversation.thinks) await checkThoughts(heard, exchanges, provider);
}

/** Google's models are not told: the ones in the table think by themselves. */
const THINKING_IS_ON =
  /"thinking":\{"type":"(?:enabled|adaptive)"|"(?:reasoning_effort|effort)":"(?:low|medium|high)"|"contents":/;
const ERROR_MARKS = /"is_error":true|"error":"the clock|Error: the clock/;

function checkRequest(
  { body }: Exchange,
  { expect: { upstream = [] } }: Step,
  { conversation, client }: Pick<Pair, 'conversation' | 'client'>,
): void {
  const text = JSON.stringify(body);
  for (const piece of upstream) expect(text).toContain(piece);
  if (conversation.thinks) expect(text).toMatch(THINKING_IS_ON);
  const tellsError = client.marksErrors && text.includes('the clock service is down');
  if (tellsError) expect(text).toMatch(ERROR_MARKS);
}

/** What a provider has read stays as it was, byte for byte, or its prompt cache is of no use. */
function checkPrefix(before: Exchange | undefined, after: Exchange): void {
  const prompt = before ? promptOf(before) : [];
  expect(promptOf(after).slice(0, prompt.length)).toEqual(prompt);
}

/** Every proof of thoughts that was given out came back with the next request, and the thinking could be seen. */
async function checkThoughts(heard: Heard[], exchanges: Exchange[], { dialect }: ProviderRow): Promise<void> {
  for (const [index, exchange] of exchanges.entries()) {
    const proofs = proofsIn(await exchange.reply);
    const next = exchanges[index + 1];
    if (dialect !== 'openai-chat') expect(proofs.length).toBeGreaterThan(0);
    if (next) for (const proof of proofs) expect(JSON.stringify(next.body)).toContain(proof);
  }
  expect(heard.some(({ usage, thoughts }) => usage.reasoning > 0 || thoughts !== '')).toBe(true);
}
