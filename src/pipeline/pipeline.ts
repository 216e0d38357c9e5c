import { createCollector } from '../chat/reply.ts';
import type { ChatRequest } from '../chat/request.ts';
import type { GatewayKey } from '../db/schema.ts';
import type { Dialect, RequestPath } from '../dialects/dialect.ts';
import { GatewayError, toGatewayError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';
import type { Auth } from './auth/index.ts';
import type { Cache, CacheAnswer } from './cache/index.ts';
import { classify } from './classifier/index.ts';
import { type Candidate, type Executor, replay } from './executor/index.ts';
import type { Entry, Ledger } from './ledger/index.ts';
import type { Limits } from './limits/index.ts';
import { type Framing, respond, type Telling } from './respond.ts';
import type { Router } from './router/index.ts';
import { summarize } from './summarize.ts';
import type { Thoughts } from './thoughts/index.ts';
import { readWishes, type Wishes } from './wishes.ts';

/** A chat request as the edge hands it over. */
export interface ChatCall {
  /** UUIDv7; the client and the ledger know the request by it. */
  id: string;
  dialect: Dialect;
  /** The route, for the ledger: `/v1/chat/completions`. */
  endpoint: string;
  presentedKey: string | null;
  headers: Headers;
  path: RequestPath;
  /** Reads the body once; throws `invalid_json` or `body_too_large`. */
  readBody: () => Promise<unknown>;
  /** For streams in another framing than the dialect's own. */
  framing: Framing | null;
  /** Fires when the client leaves. */
  signal: AbortSignal;
  /** `performance.now()` at arrival. */
  receivedAt: number;
}

export interface Stages {
  auth: Auth;
  limits: Limits;
  cache: Cache<Origin>;
  router: Router;
  executor: Executor;
  thoughts: Thoughts;
  ledger: Ledger;
  now: Clock;
}

/** Where an answer in the cache came from. */
export interface Origin {
  candidate: Candidate;
  isSimulated: boolean;
  complexity: string;
  strategy: string;
}

type Seat = CacheAnswer<Origin>;

/** The whole life of a chat request. Each line is one stage, and each stage is the folder of its name. */
export async function handleChat(call: ChatCall, stages: Stages): Promise<Response> {
  const key = stages.auth.authenticate(call.presentedKey);
  const entry = stages.ledger.open({ id: call.id, key, endpoint: call.endpoint, dialect: call.dialect.id });
  let seat: Seat = { state: 'bypass' };

  try {
    stages.limits.admit(key);
    const request = call.dialect.parseRequest(await call.readBody(), call.path);
    entry.asks(request.model, request.stream);
    refuseDetached(request);
    const wishes = readWishes(call.headers, key);

    const ownerId = ownerOf(key);
    seat = await stages.cache.open(question(ownerId, request, wishes));
    entry.cached(seat.state);
    if (seat.state === 'hit') return await tellAgain({ call, stages, entry, request, ownerId }, seat.reply);

    return await tellAnew({ call, stages, entry, request, ownerId }, { wishes, seat });
  } catch (thrown) {
    const error = toGatewayError(thrown);
    if (seat.state === 'miss') seat.recorder.close(null);
    entry.spent((performance.now() - call.receivedAt) * 1000);
    const { status } = call.dialect.renderError(error, call.id);
    if (error.code === 'client_closed') entry.close('aborted', status, error);
    else entry.close(status < 500 && !error.isRetryable ? 'refused' : 'error', status, error);
    throw thrown;
  }
}

/** Answers and thoughts are shared between the keys of one person, and no further. */
function ownerOf(key: GatewayKey): string {
  return key.userId ?? key.id;
}

function question(ownerId: string, request: ChatRequest, { strategy, fallbackModels, cacheControl }: Wishes) {
  return { ownerId, request, scope: `${strategy ?? ''} ${fallbackModels}`, cacheControl };
}

/** Nobody here would ever see what such an answer cost. */
function refuseDetached({ isDetached }: ChatRequest): void {
  if (!isDetached) return;
  throw new GatewayError(
    'unsupported',
    'The gateway does not keep answers to be fetched later; ask for a stream instead.',
    {
      param: 'background',
    },
  );
}

interface Turn {
  call: ChatCall;
  stages: Stages;
  entry: Entry;
  request: ChatRequest;
  ownerId: string;
}

async function tellAnew(turn: Turn, { wishes, seat }: { wishes: Wishes; seat: Exclude<Seat, { state: 'hit' }> }) {
  const { call, stages, entry, request, ownerId } = turn;
  const { strategy, fallbackModels } = wishes;
  const { decision, candidates } = stages.router.choose({
    request,
    classification: classify(request),
    strategy,
    fallbackModels,
  });
  entry.decides(summarize(decision));

  let waitedUs = 0;
  const reply = await stages.executor.run({
    candidates,
    request: stages.thoughts.recall(ownerId, request),
    signal: call.signal,
    onAttempt: (attempt) => {
      waitedUs += attempt.waitedUs;
      entry.attempts(attempt);
    },
  });
  const { candidate, isSimulated } = reply;
  entry.answers({ ...candidate, isSimulated });
  const recorder = seat.state === 'miss' ? seat.recorder : null;
  // Between equal dialects the client has every field that is needed, and brings its thoughts back itself.
  const thoughts = reply.dialect.id === call.dialect.id ? null : createCollector();
  const origin: Origin = { candidate, isSimulated, complexity: decision.complexity, strategy: decision.strategy };

  return respond({
    ...tellingOf(turn),
    source: reply.source,
    wire: { dialect: reply.dialect.id, isStream: reply.isStream },
    facts: factsOf(call, origin, { cache: seat.state, dropped: reply.dropped }),
    overheadUs: () => (performance.now() - call.receivedAt) * 1000 - waitedUs,
    onEvent: (event) => {
      recorder?.see(event);
      thoughts?.add(event);
    },
    onEnd: (end) => {
      recorder?.close(end === 'whole' ? { dialect: reply.dialect.id, isStream: reply.isStream, origin } : null);
      if (thoughts && end === 'whole') stages.thoughts.remember(ownerId, thoughts.reply);
    },
  });
}

function tellAgain(turn: Turn, reply: Extract<Seat, { state: 'hit' }>['reply']) {
  const { call, entry } = turn;
  const { origin } = reply;
  entry.answers({ ...origin.candidate, isSimulated: origin.isSimulated });
  return respond({
    ...tellingOf(turn),
    source: replay(reply.events),
    wire: reply,
    facts: factsOf(call, origin, { cache: 'hit', dropped: [] }),
    overheadUs: () => (performance.now() - call.receivedAt) * 1000,
    onEvent: () => {},
    onEnd: () => {},
  });
}

function tellingOf({ call, stages, entry, request }: Turn) {
  const { dialect, framing, signal } = call;
  return { dialect, framing, signal, request, entry, createdAt: stages.now() };
}

function factsOf(call: ChatCall, origin: Origin, { cache, dropped }: Pick<Telling['facts'], 'cache' | 'dropped'>) {
  const { candidate, isSimulated, complexity, strategy } = origin;
  const { model, providerId } = candidate;
  return { requestId: call.id, modelId: model.id, providerId, complexity, strategy, isSimulated, cache, dropped };
}
