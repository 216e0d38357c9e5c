import type { Keys } from '../accounts/index.ts';
import type { Log } from '../lib/log.ts';
import { PROGRAMS, type Program } from './programs.ts';

const PLAY_MS = 60_000;
const PAUSE_MS = 1_200;

interface DemoOptions {
  url: string;
  keys: Keys;
  log: Log;
}

/** A minute of mixed traffic from a few pretend programs, each with a key of its own, through the gateway's front doors. */
export async function playDemo({ url, keys, log }: DemoOptions): Promise<void> {
  log.info(`Demo: ${PROGRAMS.map(({ name }) => name).join(', ')} send requests for a minute.`);
  const until = Date.now() + PLAY_MS;
  const counts = await Promise.all(
    PROGRAMS.map(async (program) => {
      const expiresAt = Date.now() + 24 * 3_600_000;
      const { key } = await keys.create({ name: `demo: ${program.name}`, userId: null, expiresAt });
      return await play({ program, url, key, until });
    }),
  );
  log.info(`Demo: over, ${counts.reduce((sum, count) => sum + count, 0)} requests were answered.`);
}

interface Play {
  program: Program;
  url: string;
  key: string;
  until: number;
}

async function play({ program, url, key, until }: Play): Promise<number> {
  let answered = 0;
  for (let turn = 0; Date.now() < until; turn++) {
    const prompt = program.prompts[turn % program.prompts.length] ?? '';
    // Every second round is worded anew, so that the cache answers some of the requests and not all.
    const text = turn % (2 * program.prompts.length) < program.prompts.length ? prompt : `${prompt} (round ${turn})`;
    const { path, body } = renderAsk(program, text);
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    await response.text();
    if (response.ok) answered++;
    await Bun.sleep(PAUSE_MS * (0.5 + Math.random()));
  }
  return answered;
}

function renderAsk({ dialect, model, isStream }: Program, text: string) {
  const messages = [{ role: 'user', content: text }];
  switch (dialect) {
    case 'openai':
      return { path: '/v1/chat/completions', body: { model, messages, stream: isStream } };
    case 'anthropic':
      return { path: '/v1/messages', body: { model, messages, max_tokens: 1024, stream: isStream } };
    case 'google':
      return {
        path: `/v1beta/models/${model}:${isStream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
        body: { contents: [{ role: 'user', parts: [{ text }] }] },
      };
    default:
      return dialect satisfies never;
  }
}
