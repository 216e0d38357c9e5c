import { Elysia } from 'elysia';
import { RoutingPage, type TryDraft } from '../../views/pages/routing.tsx';
import { may, type Session, STRATEGIES } from '../accounts/index.ts';
import type { GatewayKeySummary } from '../db/queries/gateway-keys.ts';
import { GatewayError } from '../errors.ts';
import type { Decision } from '../pipeline/router/index.ts';
import { experimentTables } from './experiment-tables.ts';
import { attempt, field, formError } from './form.ts';
import { createGuard, refusalPage } from './guard.tsx';
import { withNotice } from './notice.ts';
import type { DashboardOptions } from './options.ts';
import { page, redirect } from './reply.ts';
import { usableKeys } from './usable-keys.ts';

/** A prompt may be as long as a program's. */
const MAX_FORM_BYTES = 8 * 1024 * 1024;

const FIRST_DRAFT: TryDraft = { key: '', model: 'auto', system: '', prompt: '' };

/** `/dashboard/routing`: how the gateway chooses for each key, what that means, and what it would choose. */
export const routingRoutes = (options: DashboardOptions) => {
  const { keys, routing, playground } = options;

  async function propsOf({ account }: Session) {
    const rows = await keys.list(account);
    const seesAll = may(account, 'see-all-keys');
    const working = rows.filter(({ revokedAt }) => revokedAt === null);
    const [mix, usable, experiments, shadow] = await Promise.all([
      routing.mix(seesAll ? undefined : rows.map(({ id }) => id)),
      usableKeys(options, account),
      experimentTables(working, options.experiments),
      may(account, 'see-all-requests') ? options.shadowReport() : null,
    ]);
    return {
      ...{ experiments, shadow, keys: working.map(policyOf) },
      canChange: may(account, 'change-own-keys'),
      usable: usable.map(({ id, name, prefix }) => ({ value: id, label: `${name} (${prefix}…)` })),
      strategies: STRATEGIES,
      defaults: routing.defaults(),
      numbers: routing.numbers,
      mix,
    };
  }

  async function decide({ account }: Session, draft: TryDraft): Promise<Decision> {
    if (draft.prompt.trim() === '') {
      throw new GatewayError('invalid_request', 'Type a prompt first.', { param: 'prompt' });
    }
    const usable = await usableKeys(options, account);
    if (!usable.some(({ id }) => id === draft.key)) {
      throw new GatewayError('forbidden', 'Choose one of the keys you may use.', { param: 'key' });
    }
    const { key: keyId, ...question } = draft;
    return await playground.decide({ ...question, keyId, temperature: null, maxTokens: null, isFresh: false });
  }

  return new Elysia()
    .use(createGuard(options, 'routing', { maxFormBytes: MAX_FORM_BYTES }))
    .get('/dashboard/routing', async ({ frame, session }) => {
      const props = await propsOf(session);
      return page(<RoutingPage {...props} {...{ frame, draft: FIRST_DRAFT, error: null, decision: null }} />);
    })
    .post(
      '/dashboard/routing/keys/:id',
      async ({ frame, session, form, params }) => {
        const strategy = field(form, 'strategy') || null;
        const { value, refusal } = await attempt(keys.change(session.account, params.id, { strategy }));
        if (refusal) return refusalPage(frame, frame.t.routing.notChanged, refusal);
        if (value) return redirect(frame, withNotice('dashboard/routing', 'strategy-changed'));
        const missing = new GatewayError('not_found', 'There is no such key.', { param: 'key' });
        return refusalPage(frame, frame.t.routing.notChanged, missing);
      },
      { parse: 'none' },
    )
    .post(
      '/dashboard/routing/try',
      async ({ frame, session, form }) => {
        const draft = {
          ...{ key: field(form, 'key'), model: field(form, 'model') || 'auto' },
          ...{ system: field(form, 'system'), prompt: field(form, 'prompt') },
        };
        const tried = await attempt(decide(session, draft));
        const props = await propsOf(session);
        const error = tried.refusal && formError(frame, tried.refusal);
        const status = tried.refusal?.status ?? 200;
        return page(<RoutingPage {...props} {...{ frame, draft, error, decision: tried.value }} />, status);
      },
      { parse: 'none' },
    );
};

/** What a key's row says of its choices. */
function policyOf({ id, name, strategy, fallbackModels, limits, policy }: GatewayKeySummary) {
  const { allowedModels = [], allowedStrategies = [], maxRequestNanoUsd = null } = limits;
  return {
    id,
    name,
    strategy,
    fallbackModels,
    allowedModels,
    allowedStrategies,
    maxRequestNanoUsd,
    policy: policy && JSON.stringify(policy),
    rules: policy,
  };
}
