import { Elysia } from 'elysia';
import { type AnswerTexts, decisionTexts, factTexts } from '../../views/components/answer.tsx';
import { explain } from '../../views/copy/index.ts';
import type { PlainFrame } from '../../views/frame.ts';
import { COLUMNS, type PlaygroundDraft, PlaygroundPage } from '../../views/pages/playground.tsx';
import { type Session, STRATEGIES } from '../accounts/index.ts';
import type { RequestRow } from '../db/schema.ts';
import { GatewayError } from '../errors.ts';
import type { Answering, Ending, Question } from './ask.ts';
import { attempt, field, formError } from './form.ts';
import { createGuard } from './guard.tsx';
import type { DashboardOptions } from './options.ts';
import { page, SECURITY_HEADERS } from './reply.ts';
import { usableKeys } from './usable-keys.ts';

/** A prompt may be as long as a program's. */
const MAX_FORM_BYTES = 8 * 1024 * 1024;

const FIRST_DRAFT: PlaygroundDraft = {
  ...{ key: '', models: ['auto:cost', 'auto:quality'], system: '', prompt: '', temperature: '', maxTokens: '' },
  isFresh: false,
};

/** `/dashboard/playground`: one prompt to a few models at once, with a key of the person who asks. */
export const playgroundRoutes = (options: DashboardOptions) => {
  const { playground } = options;

  /** Throws `invalid_request` or `forbidden`. */
  async function check({ account }: Session, draft: PlaygroundDraft): Promise<Omit<Question, 'model'>> {
    const { system, prompt, isFresh } = draft;
    if (prompt.trim() === '') throw refusal('prompt', 'Type a prompt first.');
    const keys = await usableKeys(options, account);
    if (!keys.some(({ id }) => id === draft.key)) {
      throw new GatewayError('forbidden', 'Choose one of the keys you may use.', { param: 'key' });
    }
    const temperature = numberIn(draft.temperature, 'temperature', { least: 0, most: 2, isWhole: false });
    const maxTokens = numberIn(draft.maxTokens, 'maxTokens', { least: 1, most: 1_000_000, isWhole: true });
    return { keyId: draft.key, system, prompt, isFresh, temperature, maxTokens };
  }

  const propsOf = async ({ account }: Session) => {
    const keys = await usableKeys(options, account);
    return {
      keys: keys.map(({ id, name, prefix }) => ({ value: id, label: `${name} (${prefix}…)` })),
      models: playground.models(),
      strategies: STRATEGIES,
    };
  };

  return (
    new Elysia()
      .use(createGuard(options, 'playground', { maxFormBytes: MAX_FORM_BYTES }))
      .get('/dashboard/playground', async ({ frame, session }) => {
        const props = await propsOf(session);
        return page(<PlaygroundPage {...props} {...{ frame, draft: FIRST_DRAFT, error: null, answers: [] }} />);
      })
      // Without a script: all answers at once, when the last of them is there.
      .post(
        '/dashboard/playground',
        async ({ frame, session, form, request, server }) => {
          const draft = readDraft(form);
          const props = await propsOf(session);
          const checked = await attempt(check(session, draft));
          if (checked.refusal) {
            const error = formError(frame, checked.refusal);
            return page(
              <PlaygroundPage {...props} {...{ frame, draft, error, answers: [] }} />,
              checked.refusal.status,
            );
          }
          server?.timeout(request, 0);
          const question = checked.value;
          const answers = await Promise.all(
            draft.models
              .filter((model) => model !== '')
              .map(async (model) => {
                const answering = await playground.ask({ ...question, model }, request.signal);
                return await readWhole(frame, model, answering);
              }),
          );
          return page(<PlaygroundPage {...props} {...{ frame, draft, error: null, answers }} />);
        },
        { parse: 'none' },
      )
      // With one: each answer by itself, as it comes.
      .post(
        '/dashboard/playground/stream',
        async ({ frame, session, form, request, server }) => {
          const checked = await attempt(check(session, readDraft(form)));
          const model = field(form, 'model');
          if (checked.refusal) {
            const ending = { row: null, decision: null, failure: checked.refusal };
            return eventStream(event('done', endingTexts(frame, ending)));
          }
          // A model may think for minutes before its first word.
          server?.timeout(request, 0);
          const answering = await playground.ask({ ...checked.value, model }, request.signal);
          return eventStream(streamOf(frame, answering));
        },
        { parse: 'none' },
      )
  );
};

function readDraft(form: URLSearchParams): PlaygroundDraft {
  return {
    key: field(form, 'key'),
    models: Array.from({ length: COLUMNS }, (_, index) => field(form, `model${index + 1}`)),
    system: field(form, 'system'),
    prompt: field(form, 'prompt'),
    temperature: field(form, 'temperature').trim(),
    maxTokens: field(form, 'maxTokens').trim(),
    isFresh: field(form, 'fresh') !== '',
  };
}

interface Bounds {
  least: number;
  most: number;
  isWhole: boolean;
}

function numberIn(text: string, name: string, { least, most, isWhole }: Bounds): number | null {
  if (text === '') return null;
  const value = Number(text);
  if (value >= least && value <= most && (!isWhole || Number.isInteger(value))) return value;
  throw refusal(name, `This is a${isWhole ? ' whole' : ''} number from ${least} to ${most}.`);
}

function refusal(param: string, message: string): GatewayError {
  return new GatewayError('invalid_request', message, { param });
}

async function readWhole(frame: PlainFrame, asked: string, answering: Answering): Promise<AnswerTexts> {
  const texts = { text: '', thought: '' };
  for (let deltas = await answering.next(); deltas !== null; deltas = await answering.next()) {
    for (const { kind, text } of deltas) texts[kind] += text;
  }
  return { asked, text: texts.text, thoughts: texts.thought, ...endingTexts(frame, answering.ending()) };
}

/** What is said when an answer is over, in the reader's language. */
function endingTexts(frame: PlainFrame, { row, decision, failure }: Ending) {
  return {
    failure: failure ? explain(failure, frame.language) : '',
    facts: row ? factTexts(frame, factsOf(row)) : {},
    ...decisionTexts(frame, decision),
  };
}

function factsOf(row: RequestRow) {
  const { costNanoUsd = null, firstContentMs = null, isSimulated, durationMs, isUsageEstimated, cache } = row;
  return {
    ...{ costNanoUsd, firstContentMs, isSimulated, durationMs, isUsageEstimated, cache },
    model: row.model && row.provider ? `${row.provider}/${row.model}` : null,
    promptTokens:
      row.inputTokens +
      row.cacheReadTokens +
      row.cacheWriteShortTokens +
      row.cacheWriteLongTokens +
      row.audioInputTokens,
    outputTokens: row.outputTokens + row.audioOutputTokens,
  };
}

/** JSON never holds a line end, so each event is two lines and an empty one. */
const event = (name: 'delta' | 'done', data: unknown) => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

function streamOf(frame: PlainFrame, answering: Answering): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const deltas = await answering.next();
      if (deltas) {
        controller.enqueue(encoder.encode(deltas.map((delta) => event('delta', delta)).join('')));
        return;
      }
      controller.enqueue(encoder.encode(event('done', endingTexts(frame, answering.ending()))));
      controller.close();
    },
    cancel: answering.cancel,
  });
}

function eventStream(body: string | ReadableStream<Uint8Array>): Response {
  return new Response(body, {
    headers: {
      ...SECURITY_HEADERS,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // nginx holds streams back unless told not to.
      'x-accel-buffering': 'no',
    },
  });
}
