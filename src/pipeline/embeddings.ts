import type { EmbeddingPart, EmbeddingReceipt, EmbeddingRequest } from '../chat/embedding.ts';
import { NO_USAGE, type Usage } from '../chat/usage.ts';
import type { EmbeddingDialect, EmbeddingPath } from '../dialects/embedding-dialect.ts';
import { GatewayError } from '../errors.ts';
import type { Provider } from '../providers/provider.ts';
import type { CallerReply, Plan } from './executor/caller.ts';
import type { Candidate } from './executor/index.ts';
import { replyHeaders } from './reply-headers.ts';
import { textTokens } from './router/index.ts';
import { type Desk, handleSideCall, type SideCall, type SideStages } from './side-call.ts';
import { readWishes } from './wishes.ts';

/** What an image counts as where nobody tells: the least that vendors charge for one. */
const OTHER_PART_TOKENS = 258;

export interface EmbeddingCall extends SideCall {
  dialect: EmbeddingDialect;
  path: EmbeddingPath;
}

/** What a provider said, ready to be told. */
interface Answer extends EmbeddingReceipt {
  /** Between equal dialects the provider's own text, untouched; else the vectors. */
  content: { type: 'text'; text: string } | { type: 'vectors'; vectors: number[][] };
  dropped: string[];
}

/**
 * The life of a request for vectors. There is no cache: programs that embed keep the vectors themselves, and a cache of
 * them would push the chats out of it.
 */
export async function handleEmbeddings(call: EmbeddingCall, stages: SideStages): Promise<Response> {
  return await handleSideCall({ ...call, dialectId: call.dialect.id }, stages, async (desk) => {
    const request = call.dialect.parseRequest(await desk.readBody(), call.path);
    desk.entry.asks(request.model, false);
    const { fallbackModels } = readWishes(call.headers, desk.key);
    const reply = await stages.caller.run<Answer>({
      candidates: stages.router.embedders({
        model: request.model,
        fallbackModels,
        promptTokens: promptTokensOf(request),
        allowance: desk.allowance,
      }),
      plan: (candidate, provider) => planFor({ call, request, candidate, provider }),
      signal: call.signal,
      permit: desk.permit,
      onAttempt: desk.onAttempt,
    });
    return respond({ call, request, reply, desk });
  });
}

interface Asked {
  call: EmbeddingCall;
  request: EmbeddingRequest;
  candidate: Candidate;
  provider: Provider;
}

function planFor({ call, request, candidate, provider }: Asked): Plan<Answer> {
  const { embeddings } = provider;
  if (!embeddings) throw new GatewayError('unsupported', `${provider.label} does not make embeddings.`);
  const { dialect, path } = embeddings;
  const common = { headers: {}, parseError: provider.dialect.parseError };
  const { name } = candidate;

  if (dialect.id === call.dialect.id) {
    const body = dialect.retarget(request.original.body, name);
    return {
      ...common,
      calls: [{ path: path(name, request.shape), body }],
      read([reply]) {
        const content = { type: 'text' as const, text: reply?.text ?? '' };
        return { content, dropped: [], ...dialect.parseReceipt(reply?.body) };
      },
    };
  }
  const { bodies, shape, dropped } = dialect.renderRequest(request, name);
  return {
    ...common,
    calls: bodies.map((body) => ({ path: path(name, shape), body })),
    read(replies) {
      const read = replies.map(({ body }) => dialect.parseReply(body));
      const vectors = read.flatMap((each) => each.vectors);
      if (vectors.length !== request.inputs.length) {
        throw new GatewayError(
          'provider_garbled',
          'The provider answered with another number of vectors than asked for.',
        );
      }
      const content = { type: 'vectors' as const, vectors };
      return { content, dropped, usage: sumUsage(read), model: read[0]?.model ?? null };
    },
  };
}

interface Telling {
  call: EmbeddingCall;
  request: EmbeddingRequest;
  reply: CallerReply<Answer>;
  desk: Desk;
}

function respond({ call, request, reply, desk }: Telling): Response {
  const { answer, candidate, isSimulated } = reply;
  const { model, providerId } = candidate;
  const usage = answer.usage ?? estimateUsage(request, candidate);
  desk.entry.answers({ model, providerId, isSimulated });
  if (answer.model !== null) desk.entry.see({ type: 'start', id: '', model: answer.model });
  desk.entry.see({ type: 'finish', usage });

  const { content, dropped } = answer;
  const body =
    content.type === 'text'
      ? content.text
      : JSON.stringify(call.dialect.renderReply(content.vectors, { request, model: model.id, usage }));
  const facts = {
    requestId: call.id,
    modelId: model.id,
    providerId,
    // Nobody judges how hard a text is to embed.
    complexity: null,
    strategy: 'explicit',
    cache: 'bypass' as const,
    isSimulated,
    dropped,
  };
  const headers = replyHeaders(facts, { overheadUs: desk.overheadUs(), settlement: desk.entry.settle() });
  if (usage.isEstimated) headers['x-gateway-estimated'] = 'true';
  return new Response(body, { headers: { ...headers, 'content-type': 'application/json' } });
}

/** Null as soon as one reply does not count. */
function sumUsage(receipts: readonly EmbeddingReceipt[]): Usage | null {
  const sum = { ...NO_USAGE };
  const extras = { imageInput: 0, videoInput: 0 };
  for (const { usage } of receipts) {
    if (!usage) return null;
    sum.input += usage.input;
    sum.audioInput += usage.audioInput;
    extras.imageInput += usage.extras?.imageInput ?? 0;
    extras.videoInput += usage.extras?.videoInput ?? 0;
  }
  return extras.imageInput + extras.videoInput > 0 ? { ...sum, extras } : sum;
}

function estimateUsage(request: EmbeddingRequest, { model }: Candidate): Usage {
  const input = Math.max(1, Math.ceil(promptTokensOf(request) * (model.tokenizer?.factor ?? 1)));
  return { ...NO_USAGE, input, isEstimated: true };
}

/** For a tokenizer with factor 1. */
function promptTokensOf({ inputs }: EmbeddingRequest): number {
  let tokens = 0;
  for (const { parts } of inputs) for (const part of parts) tokens += tokensOf(part);
  return tokens;
}

function tokensOf(part: EmbeddingPart): number {
  switch (part.type) {
    case 'text':
      return textTokens(part.text);
    case 'tokens':
      return part.tokens.length;
    case 'other':
      return OTHER_PART_TOKENS;
    default:
      return part satisfies never;
  }
}
