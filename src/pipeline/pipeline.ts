import type { ChatEvent } from '../chat/event.ts';
import type { LimitState } from '../chat/limit-state.ts';
import type { ChatRequest } from '../chat/request.ts';
import type { GatewayKey, RequestRow } from '../db/schema.ts';
import type { Dialect, RequestPath } from '../dialects/dialect.ts';
import { GatewayError, toGatewayError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';
import type { Auth } from './auth/index.ts';
import type { Cache, CacheAnswer } from './cache/index.ts';
import { callOf, writtenOf } from './calls-seen.ts';
import { classify } from './classifier/index.ts';
import { type Candidate, type Executor, replay } from './executor/index.ts';
import type { Entry, Ledger } from './ledger/index.ts';
import type { Limits, Pass } from './limits/index.ts';
import { type Framing, respond, type Telling } from './respond.ts';
import type { Router } from './router/index.ts';
import { policyScope, rulesFor } from './rules-for.ts';
import { settledOf } from './settled.ts';
import type { Shadow } from './shadow/index.ts';
import { createStopwatch, type Stopwatch } from './stopwatch.ts';
import { type DecisionSummary, summarize } from './summarize.ts';
import { tellingHeaders } from './telling-headers.ts';
import type { Thoughts } from './thoughts/index.ts';
import { readWishes, type Wishes } from './wishes.ts';

/** A chat request as the edge hands it over. */
export interface ChatCall {
  /** UUIDv7; the client and the ledger know the request by it. */
  id: string;
  dialect: Dialect;
  /** The route, for the ledger: `/v1/chat/completions`. */
  endpoint: string;
  /** Whose request it is; throws when nobody may ask it. */
  identify: (auth: Auth) => GatewayKey;
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
  /** Told once, when everything that will be sent has been handed over, or nobody is there any more. */
  onEnd: () => void;
  /** Told once whose request it is: how far they may still go, whenever that is asked. */
  onKey: (limits: () => LimitState) => void;
  /** Sees what is said of the request, where somebody wants to know more than its answer. */
  witness?: Witness | undefined;
}

/** Is told what the ledger is told. */
export interface Witness {
  decides(decision: DecisionSummary): void;
  sees(event: ChatEvent): void;
  /** Once, with the row as it is written; null if that could not be made. */
  closes(row: RequestRow | null): void;
}

export interface Stages {
  auth: Auth;
  limits: Limits;
  cache: Cache<Origin>;
  router: Router;
  executor: Executor;
  thoughts: Thoughts;
  ledger: Ledger;
  /** Compares a share of the answers with another model's, when all is over. */
  shadow?: Shadow;
  now: Clock;
}

/** Where an answer in the cache came from. */
export interface Origin {
  candidate: Candidate;
  isSimulated: boolean;
  decision: DecisionSummary;
}

type Seat = CacheAnswer<Origin>;

/** The whole life of a chat request. Each line is one stage, and each stage is the folder of its name. */
export async function handleChat(call: ChatCall, stages: Stages): Promise<Response> {
  const key = call.identify(stages.auth);
  call.onKey(() => stages.limits.stateOf(key));
  const stopwatch = createStopwatch(call.receivedAt);
  stopwatch.lap('auth');
  const { id, endpoint, dialect } = call;
  const headers = tellingHeaders(call.headers);
  const opening = { id, key, endpoint, dialect: dialect.id, headers, laps: stopwatch.laps };
  let pass: Pass | null = null;
  // The entry's end is the one thing that surely comes once, whatever happens to a request.
  const entry = stages.ledger.open(opening, (row) => {
    pass?.leave(settledOf(row));
    stages.router.observeEnd(writtenOf(row));
    call.witness?.closes(row);
  });
  let seat: Seat = { state: 'bypass' };

  try {
    pass = stages.limits.enter(key);
    const request = dialect.parseRequest(await stopwatch.others(call.readBody()), call.path);
    stopwatch.lap('read');
    entry.asks(request.model, request.stream);
    entry.hears(request);
    refuseDetached(request);
    const wishes = readWishes(call.headers, key, request);

    const ownerId = ownerOf(key);
    const turn = { call, stages, entry, pass, key, request, ownerId, stopwatch };
    seat = await stopwatch.others(stages.cache.open(question(turn, wishes)));
    entry.cached(seat.state);
    stopwatch.lap('cache');
    return seat.state === 'hit' ? await tellAgain(turn, seat.reply) : await tellAnew(turn, { wishes, seat });
  } catch (thrown) {
    const error = toGatewayError(thrown);
    if (seat.state === 'miss') seat.recorder.close(null);
    entry.spent(stopwatch.oursUs());
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

/** A key that may use less must not be told what another one asked a model that it may not. */
function question(
  { call, key, ownerId, request, pass }: Turn,
  { strategy, fallbackModels, bounds, metadata, cacheControl }: Wishes,
) {
  const scope = `${strategy ?? ''} ${fallbackModels} ${Object.values(bounds)} ${policyScope(key, metadata)} ${pass.allowance.scope}`;
  return { ownerId, request, scope, cacheControl, signal: call.signal };
}

/** Nobody here would ever see what such an answer cost. */
function refuseDetached({ isDetached }: ChatRequest): void {
  if (!isDetached) return;
  const reason = 'The gateway does not keep answers to be fetched later; ask for a stream instead.';
  throw new GatewayError('unsupported', reason, { param: 'background' });
}

interface Turn {
  call: ChatCall;
  stages: Stages;
  entry: Entry;
  pass: Pass;
  key: GatewayKey;
  request: ChatRequest;
  ownerId: string;
  stopwatch: Stopwatch;
}

async function tellAnew(turn: Turn, { wishes, seat }: { wishes: Wishes; seat: Exclude<Seat, { state: 'hit' }> }) {
  const { call, stages, entry, pass, request, ownerId, stopwatch } = turn;
  const { strategy, fallbackModels, bounds } = wishes;
  const classification = classify(request);
  stopwatch.lap('classify');
  const { allowance } = pass;
  const rules = rulesFor({ key: turn.key, request, classification, metadata: wishes.metadata });
  const routed = stages.router.choose({
    request,
    classification,
    strategy,
    fallbackModels,
    allowance,
    bounds,
    rules,
    ownerId,
  });
  const { candidates } = routed;
  const decision = summarize(routed.decision);
  entry.decides(decision);
  call.witness?.decides(decision);
  stopwatch.lap('route');

  const reply = await stages.executor.run({
    candidates,
    request: stages.thoughts.recall(ownerId, request),
    signal: call.signal,
    permit: ({ expected }, isSimulated) => pass.reserve({ ...expected, isSimulated }),
    onAttempt: (attempt) => {
      stopwatch.addOthers(attempt.waitedUs);
      entry.attempts(attempt);
      stages.router.observe(callOf(attempt, request.stream));
    },
  });
  stopwatch.lap('first-content');
  const { candidate, isSimulated } = reply;
  entry.answers({ ...candidate, isSimulated });
  stages.router.remember(routed, candidate);
  const recorder = seat.state === 'miss' ? seat.recorder : null;
  // Between equal dialects the client has every field that is needed, and brings its thoughts back itself.
  const thoughts = reply.dialect.id === call.dialect.id ? null : stages.thoughts.listen(ownerId);
  const origin: Origin = { candidate, isSimulated, decision };
  const shadow = stages.shadow?.watch({
    ...{ id: call.id, key: turn.key, stored: decision.stored, cacheControl: wishes.cacheControl },
    ...{ request, classification, routed, candidate, isSimulated, allowance, rules },
  });

  return respond({
    ...tellingOf(turn),
    source: reply.source,
    wire: { dialect: reply.dialect.id, isStream: reply.isStream },
    facts: factsOf(call, origin, { cache: seat.state, dropped: reply.dropped }),
    onEvent: (event) => {
      recorder?.see(event);
      call.witness?.sees(event);
      thoughts?.see(event);
      shadow?.see(event);
    },
    onEnd: (end) => {
      recorder?.close(end === 'whole' ? { dialect: reply.dialect.id, isStream: reply.isStream, origin } : null);
      if (end === 'whole') thoughts?.remember();
      shadow?.end(end === 'whole');
      call.onEnd();
    },
  });
}

function tellAgain(turn: Turn, reply: Extract<Seat, { state: 'hit' }>['reply']) {
  const { call, entry } = turn;
  const { origin } = reply;
  const decision = { ...origin.decision, isFromCache: true };
  entry.decides(decision);
  call.witness?.decides(decision);
  entry.answers({ ...origin.candidate, isSimulated: origin.isSimulated });
  return respond({
    ...tellingOf(turn),
    source: replay(reply.events),
    wire: reply,
    facts: factsOf(call, origin, { cache: 'hit', dropped: [] }),
    onEvent: (event) => call.witness?.sees(event),
    onEnd: call.onEnd,
  });
}

function tellingOf({ call, stages, entry, request, stopwatch }: Turn) {
  const { dialect, framing, signal } = call;
  return { dialect, framing, signal, request, entry, overheadUs: stopwatch.oursUs, createdAt: stages.now() };
}

function factsOf(call: ChatCall, origin: Origin, { cache, dropped }: Pick<Telling['facts'], 'cache' | 'dropped'>) {
  const { candidate, isSimulated, decision } = origin;
  const { complexity, strategy, promptTokens } = decision;
  const { model, providerId } = candidate;
  const about = { requestId: call.id, modelId: model.id, providerId };
  return { ...about, complexity, strategy, promptTokens, isSimulated, cache, dropped };
}
