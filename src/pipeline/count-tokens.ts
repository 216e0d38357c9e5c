import type { ChatRequest } from '../chat/request.ts';
import type { Dialect, RequestPath } from '../dialects/dialect.ts';
import type { CountFormat } from '../dialects/token-count/index.ts';
import { GatewayError, toGatewayError } from '../errors.ts';
import { isJsonObject, type JsonObject } from '../lib/json.ts';
import { endpointFor, type Provider } from '../providers/provider.ts';
import type { CallerReply, Plan } from './executor/caller.ts';
import type { Candidate } from './executor/index.ts';
import { replyHeaders } from './reply-headers.ts';
import { estimatePromptTokens } from './router/index.ts';
import { type Desk, handleSideCall, type SideCall, type SideStages } from './side-call.ts';

export interface CountCall extends SideCall {
  dialect: Dialect;
  format: CountFormat;
  path: RequestPath;
}

/** A chat that is to be counted. Its parts are only read where we count ourselves. */
interface Question {
  model: string;
  /** Null where there is nothing that could be passed on. */
  body: JsonObject | null;
  parse: () => ChatRequest;
}

/**
 * Tells how many tokens a chat has. The model's provider is asked where it counts in the client's dialect; otherwise, and
 * when it cannot answer, we estimate and say so. It costs nothing, but counts against the key's limits.
 */
export async function handleCount(call: CountCall, stages: SideStages): Promise<Response> {
  return await handleSideCall({ ...call, dialectId: call.dialect.id }, stages, async (desk) => {
    const question = readQuestion(call, await desk.readBody());
    desk.entry.asks(question.model, false);
    const candidates = stages.router.counters(question.model, desk.allowance);
    try {
      const reply = await stages.caller.run<string>({
        candidates,
        plan: (candidate, provider) => planFor({ call, question, candidate, provider }),
        signal: call.signal,
        // To count costs nothing and uses no tokens.
        permit: () => null,
        onAttempt: desk.onAttempt,
      });
      return respond(reply.answer, headersOf({ call, desk, reply }));
    } catch (thrown) {
      const failure = toGatewayError(thrown);
      if (!canEstimate(failure)) throw thrown;
      const tokens = estimate(question, { candidates, failure });
      const headers = { ...headersOf({ call, desk, reply: null }), 'x-gateway-estimated': 'true' };
      return respond(JSON.stringify(call.format.renderCount(tokens)), headers);
    }
  });
}

function readQuestion({ dialect, format, path }: CountCall, body: unknown): Question {
  const parse = () => dialect.parseRequest(isJsonObject(body) ? format.chatOf(body) : body, path);
  const named = path.model ?? (isJsonObject(body) ? body.model : undefined);
  // What is wrong with the request is best said by who parses it.
  const model = typeof named === 'string' && named !== '' ? named : parse().model;
  return { model: model.replace(/^models\//, ''), body: isJsonObject(body) ? body : null, parse };
}

interface Asked {
  call: CountCall;
  question: Question;
  candidate: Candidate;
  provider: Provider;
}

function planFor({ call, question, candidate, provider }: Asked): Plan<string> {
  const { dialect, format } = call;
  const { model, name } = candidate;
  const endpoint = endpointFor(provider, { clientDialect: dialect.id, servedThrough: model.dialects });
  if (!question.body || endpoint?.dialect.id !== dialect.id || !endpoint.countPath) {
    throw new GatewayError('unsupported', `${provider.label} does not count the tokens of such a request.`);
  }
  const body = format.retarget(question.body, name);
  return {
    calls: [{ path: endpoint.countPath(name), body: provider.adjust ? provider.adjust(body) : body }],
    headers: call.path.headers ?? {},
    parseError: dialect.parseError,
    read([reply]) {
      if (reply && format.parseCount(reply.body) !== null) return reply.text;
      throw new GatewayError('provider_garbled', 'The provider answered with something that is not a count.');
    },
  };
}

/** Whether the failure is about who was asked and not about what. */
function canEstimate({ code, isRetryable }: GatewayError): boolean {
  return isRetryable || code === 'unsupported' || code === 'no_provider' || code === 'no_candidate';
}

function estimate(
  { parse }: Question,
  { candidates, failure }: { candidates: readonly Candidate[]; failure: GatewayError },
): number {
  const request = parse();
  const [param] = request.bound ?? [];
  // Of a conversation that a provider stores, we do not even know the length.
  if (param !== undefined) {
    if (failure.isRetryable) throw failure;
    const message = `A request with \`${param}\` can only be counted by the provider that keeps what it refers to.`;
    throw new GatewayError('unsupported', message, { param });
  }
  const factor = candidates[0]?.model.tokenizer?.factor ?? 1;
  return Math.max(1, Math.ceil(estimatePromptTokens(request) * factor));
}

function respond(body: string, headers: Record<string, string>): Response {
  return new Response(body, { headers: { ...headers, 'content-type': 'application/json' } });
}

/** Only what is known: an estimate has no model that answered. */
function headersOf({ call, desk, reply }: { call: CountCall; desk: Desk; reply: CallerReply<string> | null }) {
  const facts = {
    requestId: call.id,
    modelId: reply?.candidate.model.id ?? '',
    providerId: reply?.candidate.providerId ?? '',
    complexity: null,
    strategy: '',
    cache: 'bypass' as const,
    isSimulated: reply?.isSimulated ?? false,
    dropped: [],
  };
  const measures = { overheadUs: desk.overheadUs(), settlement: desk.entry.settle() };
  const { 'x-gateway-strategy': _, ...headers } = replyHeaders(facts, measures);
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''));
}
