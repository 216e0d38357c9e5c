import { Elysia } from 'elysia';
import type { ChatRequest } from '../chat/request.ts';
import type { SpendTotals } from '../db/queries/spend.ts';
import type { GatewayKey } from '../db/schema.ts';
import { anthropicMessages } from '../dialects/anthropic-messages/index.ts';
import { googleGenerate } from '../dialects/google-generate/index.ts';
import { isJsonObject } from '../lib/json.ts';
import type { Log } from '../lib/log.ts';
import { formatNanoUsd } from '../lib/nano-usd.ts';
import { dryRun } from '../pipeline/dry-run.ts';
import type { LimitReport } from '../pipeline/limits/index.ts';
import type { Stages } from '../pipeline/pipeline.ts';
import { callerDialect } from './caller-dialect.ts';
import { errorResponse } from './error-response.ts';
import { type Limited, withLimits } from './limit-headers.ts';
import { presentedKey } from './presented-key.ts';
import { readJson } from './read-json.ts';
import { renderDecision } from './render-decision.ts';
import { renderLimits } from './render-limits.ts';

export interface UsageReport {
  today: SpendTotals;
  thisMonth: SpendTotals;
  /** This month's, most requests first. */
  byModel: (SpendTotals & { provider: string | null; model: string | null })[];
}

/** Stands for the limit that Anthropic's wire wants and a dry run need not name. */
const DRY_RUN_TOKENS = 4096;
/** Room for the longest note, however it is escaped. */
const MAX_FEEDBACK_BYTES = 16_384;

interface GatewayOptions {
  stages: Stages;
  /** Whether the simulator answers in this provider's name. */
  isSimulated: (providerId: string) => boolean;
  /** Whether any answer may come from the simulator. */
  isSimulating: () => boolean;
  maxBodyBytes: number;
  usageOf: (keyId: string) => Promise<UsageReport>;
  /** Keeps what a caller thought of an answer. */
  giveFeedback: (key: GatewayKey, body: unknown) => Promise<object>;
  log: Log;
}

/** What only this gateway has: the routing decision without the call, and the caller's own spend. */
export const gatewayRoutes = (options: GatewayOptions) => {
  const { stages, isSimulated, isSimulating, maxBodyBytes, usageOf, giveFeedback, log } = options;
  const guarded = async (request: Request, answer: (key: GatewayKey) => Promise<unknown>): Promise<Response> => {
    const dialect = callerDialect(request);
    const caller: Limited = { limits: null };
    try {
      const key = stages.auth.authenticate(presentedKey(request));
      caller.limits = () => stages.limits.stateOf(key);
      return withLimits(Response.json(await answer(key)), dialect, caller);
    } catch (thrown) {
      return withLimits(errorResponse({ thrown, dialect, requestId: Bun.randomUUIDv7(), log }), dialect, caller);
    }
  };

  const route = (request: Request) =>
    guarded(request, async (key) => {
      const readRequest = async () => parseAny(request, await readJson(request, maxBodyBytes));
      return renderDecision(await dryRun({ key, headers: request.headers, readRequest }, { stages, isSimulated }));
    });

  const usage = ({ request }: { request: Request }) =>
    guarded(request, async (key) => {
      stages.limits.admit(key);
      return renderUsage(key, await usageOf(key.id), stages.limits.reportOf(key, { isSimulating: isSimulating() }));
    });

  const feedback = (request: Request) =>
    guarded(request, async (key) => {
      stages.limits.admit(key);
      return await giveFeedback(key, await readJson(request, MAX_FEEDBACK_BYTES));
    });

  return new Elysia()
    .post('/v1/feedback', ({ request }) => feedback(request), { parse: 'none' })
    .post('/v1/route', ({ request }) => route(request), { parse: 'none' })
    .get('/v1/usage', usage)
    .get('/v1/key/usage', usage);
};

/** The dry run takes a request of any dialect; its shape tells which. Without a model, the gateway is to choose. */
function parseAny(request: Request, body: unknown): ChatRequest {
  if (!isJsonObject(body)) return callerDialect(request).parseRequest(body, {});
  const { model = 'auto', ...rest } = body;
  if ('contents' in body) {
    return googleGenerate.parseRequest(rest, { model: typeof model === 'string' ? model : 'auto', stream: false });
  }
  // Instructions beside the messages are Anthropic's way, and its SDK's header may be missing when curl is used.
  const dialect = 'system' in body ? anthropicMessages : callerDialect(request);
  const limit = dialect === anthropicMessages && { max_tokens: body.max_tokens ?? DRY_RUN_TOKENS };
  return dialect.parseRequest({ ...body, ...limit, model }, {});
}

interface Limitations {
  key: LimitReport;
  user: LimitReport | null;
  at: number;
}

function renderUsage(key: GatewayKey, { today, thisMonth, byModel }: UsageReport, limits: Limitations) {
  return {
    object: 'usage',
    key: { id: key.id, name: key.name, prefix: key.prefix },
    currency: 'USD',
    limits: { key: renderLimits(limits.key, limits.at), user: limits.user && renderLimits(limits.user, limits.at) },
    today: renderTotals(today),
    this_month: renderTotals(thisMonth),
    by_model: byModel.map(({ provider, model, ...totals }) => ({ provider, model, ...renderTotals(totals) })),
  };
}

/** Money as decimal text, because a JSON number would round it. */
function renderTotals(totals: SpendTotals) {
  return {
    requests: totals.requests,
    errors: totals.errors,
    cache_hits: totals.cacheHits,
    unpriced_requests: totals.unpriced,
    prompt_tokens: totals.promptTokens,
    output_tokens: totals.outputTokens,
    cost_usd: formatNanoUsd(totals.costNanoUsd),
    simulated_cost_usd: formatNanoUsd(totals.simulatedNanoUsd),
    saved_usd: formatNanoUsd(totals.savedNanoUsd),
    cache_saved_usd: formatNanoUsd(totals.cacheSavedNanoUsd),
  };
}
