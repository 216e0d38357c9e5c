import type { Catalogue } from '../catalogue/index.ts';
import type { ChatEvent } from '../chat/event.ts';
import type { RequestRow } from '../db/schema.ts';
import { openaiChat } from '../dialects/openai-chat/index.ts';
import type { GatewayError } from '../errors.ts';
import { dryRun } from '../pipeline/dry-run.ts';
import { type ChatCall, handleChat, type Stages } from '../pipeline/pipeline.ts';
import type { Decision } from '../pipeline/router/index.ts';
import type { DecisionSummary } from '../pipeline/summarize.ts';
import type { Connections } from '../providers/connections.ts';
import { attempt } from './form.ts';

/** What a person asks of one model, with one of the keys they may use. */
export interface Question {
  /** Checked by whoever asks: see `Playground`. */
  keyId: string;
  model: string;
  system: string;
  prompt: string;
  temperature: number | null;
  maxTokens: number | null;
  /** Ask a model even where the cache has the answer. */
  isFresh: boolean;
}

/** A piece of an answer. */
export interface Delta {
  kind: 'text' | 'thought';
  text: string;
}

/** What is known when an answer is over. */
export interface Ending {
  /** As it is in the ledger; null where the key was not let in. */
  row: RequestRow | null;
  decision: DecisionSummary | null;
  /** Why there is no answer, or not all of it. */
  failure: GatewayError | null;
}

/** An answer on its way. */
export interface Answering {
  /** The next pieces; null when there are no more. */
  next(): Promise<Delta[] | null>;
  ending(): Ending;
  /** Nobody is there any more. */
  cancel(): void;
}

export type Playground = ReturnType<typeof createPlayground>;

interface PlaygroundOptions {
  stages: Stages;
  catalogue: Pick<Catalogue, 'registry'>;
  connections: Pick<Connections, 'isConnected' | 'list'>;
  now: () => number;
}

/**
 * Asks models for people on the dashboard, the way every program does: through the pipeline, with the limits and in the
 * ledger of a key. Whoever calls this has made sure that the person may use that key.
 */
export function createPlayground({ stages, catalogue, connections, now }: PlaygroundOptions) {
  /** The names of the models that could be asked now, in their order. */
  function models(): string[] {
    const active = catalogue.registry().listActive(now());
    const connected = active.filter(({ provider }) => connections.isConnected(provider));
    return connected.map(({ provider, id }) => `${provider}/${id}`).sort();
  }

  async function ask(question: Question, signal: AbortSignal): Promise<Answering> {
    const ending: Ending = { row: null, decision: null, failure: null };
    let deltas: Delta[] = [];
    const opened = await attempt(
      handleChat(
        callOf(question, {
          signal,
          witness: {
            decides(decision) {
              ending.decision = decision;
            },
            sees(event) {
              if (event.type === 'error') ending.failure = event.error;
              const delta = deltaOf(event);
              if (delta) deltas.push(delta);
            },
            closes(row) {
              ending.row = row;
            },
          },
        }),
        stages,
      ),
    );
    ending.failure ??= opened.refusal;
    // The bytes are for programs; reading them is what moves the answer on.
    const reader = opened.value?.body?.getReader();

    return {
      async next() {
        while (reader && !(await reader.read()).done) {
          if (deltas.length > 0) return take();
        }
        return deltas.length > 0 ? take() : null;
      },
      ending: () => ending,
      cancel: () => void reader?.cancel(),
    };

    function take(): Delta[] {
      const taken = deltas;
      deltas = [];
      return taken;
    }
  }

  /** Who would be asked and why. Throws what the question would be refused for. */
  async function decide(question: Question): Promise<Decision> {
    const isSimulated = (providerId: string) =>
      connections.list().some(({ provider }) => provider.id === providerId && provider.isSimulated);
    const key = stages.auth.vouch(question.keyId);
    const readRequest = async () => openaiChat.parseRequest(bodyOf(question), {});
    return await dryRun({ key, headers: new Headers(), readRequest }, { stages, isSimulated });
  }

  return { models, ask, decide };
}

function callOf(question: Question, { signal, witness }: Required<Pick<ChatCall, 'signal' | 'witness'>>): ChatCall {
  return {
    id: Bun.randomUUIDv7(),
    dialect: openaiChat,
    endpoint: 'playground',
    identify: (auth) => auth.vouch(question.keyId),
    headers: new Headers(question.isFresh ? { 'cache-control': 'no-cache' } : {}),
    path: {},
    readBody: async () => bodyOf(question),
    framing: null,
    signal,
    receivedAt: performance.now(),
    onEnd: () => {},
    onKey: () => {},
    witness,
  };
}

function bodyOf({ model, system, prompt, temperature, maxTokens }: Question) {
  return {
    model,
    stream: true,
    messages: [
      ...(system.trim() === '' ? [] : [{ role: 'system', content: system }]),
      { role: 'user', content: prompt },
    ],
    ...(temperature !== null && { temperature }),
    ...(maxTokens !== null && { max_completion_tokens: maxTokens }),
  };
}

function deltaOf(event: ChatEvent): Delta | null {
  switch (event.type) {
    case 'text-delta':
    case 'refusal-delta':
      return { kind: 'text', text: event.text };
    case 'reasoning-delta':
      return { kind: 'thought', text: event.text };
    default:
      return null;
  }
}
