import { Elysia } from 'elysia';
import type { Model } from '../../registry/schema.ts';
import { ModelPage, type OverrideDraft } from '../../views/pages/model.tsx';
import { ABILITIES, can, modelPath, priceToday, qualityOf } from '../../views/pages/models/facts.ts';
import { type ModelSort, ModelsPage, type ModelsQuery, SORTS } from '../../views/pages/models.tsx';
import { type Account, may, type Session } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { decodeUri } from '../lib/decode-uri.ts';
import { attempt, field, formError } from './form.ts';
import { createGuard, type GuardedFrame, refusalPage } from './guard.tsx';
import { type NoticeCode, withNotice } from './notice.ts';
import type { DashboardOptions } from './options.ts';
import { page, redirect } from './reply.ts';
import { numberOf } from './server-draft.ts';

const CHANGES_SHOWN = 30;

interface ModelAddress {
  provider: string;
  id: string;
}

interface Act {
  frame: GuardedFrame;
  session: Session;
  params: ModelAddress;
}

/** `/dashboard/models`: the catalogue, and each model's page. */
export const modelsRoutes = (options: DashboardOptions) => {
  const { catalogue, changes, overrides, modelUsage, vendors, now } = options;

  const find = ({ provider, id }: ModelAddress): Model | undefined => {
    const [asked, name] = [decodeUri(provider), decodeUri(id)];
    return catalogue.registry().models.find((model) => model.provider === asked && model.id === name);
  };
  const connectedIds = () => new Set(vendors().flatMap(({ id, state }) => (state === 'off' ? [] : [id])));

  async function show({ frame, session, params }: Act, given?: { draft: OverrideDraft; refusal: GatewayError }) {
    const model = find(params);
    if (!model) return refusalPage(frame, frame.t.doors.noSuchPage, missing());
    const { provider, id } = model;
    const seesAll = may(session.account, 'see-all-keys');
    const [used, { changes: changelog }] = await Promise.all([
      seesAll ? modelUsage(provider, id) : null,
      catalogue.changelog({ provider, model: id, limit: CHANGES_SHOWN }),
    ]);
    const override = overrides.find(provider, id);
    const isOwn = model.family === 'custom';
    return page(
      <ModelPage
        {...{ frame, model, usage: used, changes: changelog, override, isConnected: connectedIds().has(provider) }}
        isPinned={catalogue.status().pinned.includes(`${provider}/${id}`)}
        canChange={isOwn ? null : may(session.account, 'change-catalogue')}
        draft={given?.draft ?? draftOf(override)}
        error={given ? formError(frame, given.refusal) : null}
      />,
      given?.refusal.status,
    );
  }

  async function act(
    { frame, session, params }: Act,
    notice: NoticeCode,
    work: (account: Account, model: Model) => Promise<unknown>,
  ) {
    const run = async () => {
      const model = find(params);
      if (!model) throw missing();
      await work(session.account, model);
      return model;
    };
    const { value, refusal } = await attempt(run());
    if (!refusal) return redirect(frame, withNotice(modelPath(value), notice));
    const { notAllowed, notUnderstood } = frame.t.doors;
    return refusalPage(frame, refusal.code === 'forbidden' ? notAllowed : notUnderstood, refusal);
  }

  return new Elysia()
    .use(createGuard(options, 'models'))
    .get('/dashboard/models', ({ frame, request }) => {
      const query = readQuery(new URL(request.url).searchParams);
      const { models } = catalogue.registry();
      const connected = connectedIds();
      return page(
        <ModelsPage
          {...{ frame, query, models: select(models, query, now()), all: models.length, providers: vendors() }}
          isConnected={(id) => connected.has(id)}
        />,
      );
    })
    .get('/dashboard/models/:provider/:id', ({ frame, session, params }) => show({ frame, session, params }))
    .post(
      '/dashboard/models/:provider/:id/pin',
      (context) =>
        act(context, 'model-pinned', (account, { provider, id }) => changes.pin(account, [`${provider}/${id}`])),
      { parse: 'none' },
    )
    .post(
      '/dashboard/models/:provider/:id/unpin',
      (context) =>
        act(context, 'model-unpinned', (account, { provider, id }) => changes.unpin(account, [`${provider}/${id}`])),
      { parse: 'none' },
    )
    .post(
      '/dashboard/models/:provider/:id/override',
      async ({ frame, session, params, form }) => {
        const draft = readDraft(form);
        const set = async () => {
          const model = find(params);
          if (!model || model.family === 'custom') throw missing();
          await changes.setOverride(session.account, model, wishOf(draft));
          return model;
        };
        const { value, refusal } = await attempt(set());
        if (!refusal) return redirect(frame, withNotice(modelPath(value), 'model-overridden'));
        if (refusal.code !== 'invalid_request') return refusalPage(frame, frame.t.doors.notAllowed, refusal);
        return await show({ frame, session, params }, { draft, refusal });
      },
      { parse: 'none' },
    )
    .post(
      '/dashboard/models/:provider/:id/override/clear',
      (context) => act(context, 'override-cleared', changes.clearOverride),
      { parse: 'none' },
    );
};

function missing(): GatewayError {
  return new GatewayError('not_found', 'The catalogue has no such model.');
}

function readQuery(parameters: URLSearchParams): ModelsQuery {
  const read = (name: string) => (parameters.get(name) ?? '').trim();
  const sort = SORTS.find((one) => one === read('sort')) ?? 'name';
  const dir = read('dir') === 'descending' ? 'descending' : 'ascending';
  const status = parameters.get('status') ?? 'current';
  return { q: read('q'), provider: read('provider'), status, ability: read('ability'), sort, dir };
}

/** What the filter leaves, sorted; what has no value to sort by is last either way. */
function select(models: readonly Model[], query: ModelsQuery, now: number): Model[] {
  const words = query.q.toLowerCase().split(/\s+/).filter(Boolean);
  const ability = ABILITIES.find((one) => one === query.ability);
  const chosen = models.filter((model) => {
    if (query.provider !== '' && model.provider !== query.provider) return false;
    if (query.status === 'current' && (model.status === 'retired' || model.status === 'redirected')) return false;
    if (query.status !== 'current' && query.status !== 'all' && model.status !== query.status) return false;
    if (ability && !can(model, ability)) return false;
    const names = [model.name, model.id, model.provider, ...model.aliases.map(({ id }) => id)].join(' ').toLowerCase();
    return words.every((word) => names.includes(word));
  });
  const sign = query.dir === 'descending' ? -1 : 1;
  const keyed = chosen.map((model) => ({ model, key: sortKey(model, query.sort, now) }));
  keyed.sort(({ key: one }, { key: other }) => {
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    if (typeof one === 'number' && typeof other === 'number') return sign * (one - other);
    return sign * String(one).localeCompare(String(other));
  });
  return keyed.map(({ model }) => model);
}

function sortKey(model: Model, sort: ModelSort, now: number): string | number | null {
  if (sort === 'name') return model.name;
  if (sort === 'quality') return qualityOf(model);
  if (sort === 'context') return model.context.window;
  if (sort === 'retires') return model.retires?.on ?? null;
  const rates = priceToday(model, now)?.rates;
  return (sort === 'input' ? rates?.input : sort === 'output' ? rates?.output : rates?.cacheRead) ?? null;
}

function readDraft(form: URLSearchParams): OverrideDraft {
  const text = (name: string) => field(form, name).trim();
  const prices = { input: text('input'), output: text('output'), cacheRead: text('cacheRead') };
  return { ...prices, quality: text('quality'), note: text('note') };
}

function draftOf(override: ReturnType<DashboardOptions['overrides']['find']>): OverrideDraft {
  const text = (value: number | null | undefined) => (value === null || value === undefined ? '' : String(value));
  const { prices, quality, note = '' } = override ?? { prices: null, quality: null };
  const { input, output, cacheRead } = prices ?? {};
  return { input: text(input), output: text(output), cacheRead: text(cacheRead), quality: text(quality), note };
}

function wishOf({ input, output, cacheRead, quality, note }: OverrideDraft) {
  const hasPrices = input !== '' || output !== '' || cacheRead !== '';
  const cached = cacheRead === '' ? {} : { cacheRead: numberOf(cacheRead) };
  return {
    prices: hasPrices ? { input: numberOf(input), output: numberOf(output), ...cached } : null,
    quality: quality === '' ? null : numberOf(quality),
    note,
  };
}
