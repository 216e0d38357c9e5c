import { Elysia } from 'elysia';
import type { Model } from '../../registry/schema.ts';
import { anthropicMessages } from '../dialects/anthropic-messages/index.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { googleGenerate } from '../dialects/google-generate/index.ts';
import { GatewayError } from '../errors.ts';
import { decodeUri } from '../lib/decode-uri.ts';
import type { Log } from '../lib/log.ts';
import type { Allowance } from '../pipeline/limits/index.ts';
import type { Stages } from '../pipeline/pipeline.ts';
import { callerDialect } from './caller-dialect.ts';
import { errorResponse } from './error-response.ts';
import { type Limited, withLimits } from './limit-headers.ts';
import { presentedKey } from './presented-key.ts';

interface ModelsOptions {
  stages: Pick<Stages, 'auth' | 'limits'>;
  /** Models a request could get an answer from now. */
  listModels: () => Model[];
  log: Log;
}

/** The pseudo-models that let the gateway choose, besides `auto`. */
const AUTO_IDS = ['auto:cost', 'auto:quality', 'auto:speed', 'auto:balanced'];

/** The models the caller can use and may, in the list shape of the caller's own SDK. */
export const modelsRoutes = ({ stages, listModels, log }: ModelsOptions) => {
  const handle = (request: Request, render: (dialect: Dialect, allowed: Allowed) => unknown): Response => {
    const dialect = callerDialect(request);
    const caller: Limited = { limits: null };
    try {
      const key = stages.auth.authenticate(presentedKey(request));
      caller.limits = () => stages.limits.stateOf(key);
      stages.limits.admit(key);
      const allowed = allowedTo(stages.limits.allowanceOf(key), listModels());
      return withLimits(Response.json(render(dialect, allowed)), dialect, caller);
    } catch (thrown) {
      return withLimits(errorResponse({ thrown, dialect, requestId: Bun.randomUUIDv7(), log }), dialect, caller);
    }
  };
  const list = ({ request }: { request: Request }) =>
    handle(request, (dialect, allowed) => renderList(dialect, listEntries(allowed)));
  const find = ({ request, params }: { request: Request; params: { '*': string } }) =>
    handle(request, (dialect, allowed) => renderOne(dialect, findEntry(params['*'], allowed)));

  return new Elysia()
    .get('/v1/models', list)
    .get('/v1beta/models', list)
    .get('/v1/models/*', find)
    .get('/v1beta/models/*', find);
};

interface Entry {
  id: string;
  name: string;
  owner: string;
  /** Seconds since 1970. */
  created: number;
  window: number;
  maxOutput: number | null;
}

interface Allowed {
  models: Model[];
  autoIds: string[];
}

/** The gateway can choose where there is something to choose from, in the ways that are allowed. */
function allowedTo({ admits, admitsStrategy }: Allowance, all: Model[]): Allowed {
  const models = all.filter(admits);
  const ways = AUTO_IDS.filter((id) => admitsStrategy(id.slice('auto:'.length)));
  return { models, autoIds: models.length === 0 || ways.length === 0 ? [] : ['auto', ...ways] };
}

function listEntries({ models, autoIds }: Allowed): Entry[] {
  return [...autoIds.map(autoEntry), ...models.map(entryOf)];
}

function entryOf(model: Model): Entry {
  const created = model.released === null ? 0 : Date.parse(model.released) / 1000;
  const { window, maxOutput } = model.context;
  return { id: model.id, name: model.name, owner: model.provider, created, window, maxOutput };
}

function autoEntry(id: string): Entry {
  return {
    id,
    name: `Chosen by the gateway (${id})`,
    owner: 'gateway',
    created: 0,
    window: 1_000_000,
    maxOutput: null,
  };
}

function findEntry(id: string, { models, autoIds }: Allowed): Entry {
  const wanted = decodeUri(id);
  const model = models.find((one) => one.id === wanted || `${one.provider}/${one.id}` === wanted);
  if (model) return entryOf(model);
  if (autoIds.includes(wanted)) return autoEntry(wanted);
  throw new GatewayError('unknown_model', `There is no model "${wanted.slice(0, 100)}" here.`, { param: 'model' });
}

function renderOne(dialect: Dialect, entry: Entry) {
  if (dialect === anthropicMessages) {
    return {
      type: 'model',
      id: entry.id,
      display_name: entry.name,
      created_at: new Date(entry.created * 1000).toISOString(),
    };
  }
  if (dialect === googleGenerate) {
    return {
      name: `models/${entry.id}`,
      displayName: entry.name,
      inputTokenLimit: entry.window,
      ...(entry.maxOutput !== null && { outputTokenLimit: entry.maxOutput }),
      supportedGenerationMethods: ['generateContent', 'streamGenerateContent'],
    };
  }
  return { id: entry.id, object: 'model', created: entry.created, owned_by: entry.owner };
}

function renderList(dialect: Dialect, entries: Entry[]) {
  const data = entries.map((entry) => renderOne(dialect, entry));
  if (dialect === googleGenerate) return { models: data };
  if (dialect === anthropicMessages) {
    return { data, has_more: false, first_id: entries[0]?.id ?? null, last_id: entries.at(-1)?.id ?? null };
  }
  return { object: 'list', data };
}
