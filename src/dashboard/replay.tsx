import { Elysia } from 'elysia';
import type { Language } from '../../views/copy/index.ts';
import { DAYS, type ReplayDraft, ReplayPage } from '../../views/pages/replay.tsx';
import { check } from '../accounts/check.ts';
import { type Account, demand, may, type Session, STRATEGIES } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { ReplayPolicy } from '../pipeline/replay.ts';
import { attempt, field, formError } from './form.ts';
import { createGuard, refusalPage } from './guard.tsx';
import { withNotice } from './notice.ts';
import type { DashboardOptions } from './options.ts';
import { parsePolicy, readMinimums, rulesFrom } from './policy-form.ts';
import type { ReplayRun, ReplayWish } from './replays.ts';
import { page, redirect } from './reply.ts';

const PATH = 'dashboard/routing/replay';
const PERCENT = 100;
const MAX_TOLERANCE = 10;

/** `/dashboard/routing/replay`: what the last days would have cost by other rules. */
export const replayRoutes = (options: DashboardOptions) => {
  const { keys, replays, routing } = options;

  const firstDraft = (): ReplayDraft => ({
    ...{ strategy: routing.defaults().strategy, tolerance: String(routing.numbers.tolerance * PERCENT) },
    ...{ minComplexity: '', minimums: {} },
    ...{ allowedModels: '', deniedModels: '', includesExplicit: false, days: '30', key: '', json: '' },
  });

  async function propsOf({ account }: Session) {
    const rows = await keys.list(account);
    const choices = rows.map(({ id, name, prefix }) => ({ value: id, label: `${name} (${prefix}…)` }));
    const working = new Set(rows.filter(({ revokedAt }) => revokedAt === null).map(({ id }) => id));
    const run = replays.last(account.id);
    return {
      strategies: STRATEGIES,
      keys: may(account, 'make-keys') ? choices : null,
      seesAll: may(account, 'see-all-keys'),
      savable: may(account, 'change-all-keys') ? choices.filter(({ value }) => working.has(value)) : [],
      run: run && shown(run),
    };
  }

  /** Throws `forbidden`, `invalid_request` or `not_found`. */
  async function wishOf(account: Account, draft: ReplayDraft, language: Language): Promise<ReplayWish> {
    demand(account, 'make-keys');
    const policy = policyOf(draft, language);
    const visible = (await keys.list(account)).map(({ id }) => id);
    if (draft.key !== '' && !visible.includes(draft.key)) {
      throw new GatewayError('not_found', 'There is no such key.', { param: 'key' });
    }
    const all = may(account, 'see-all-keys') ? undefined : visible;
    const days = Number(DAYS.find((each) => each === draft.days) ?? '30');
    return { policy, days, keyIds: draft.key === '' ? all : [draft.key] };
  }

  /** Makes the policy of the last replay the key's; rules and experiments that it has beside stay. */
  async function save(account: Account, keyId: string): Promise<void> {
    demand(account, 'change-all-keys');
    const run = replays.last(account.id);
    if (!run) throw new GatewayError('not_found', 'There is no replay whose policy could be saved.');
    const { includesExplicit: _, deniedModels, ...choice } = run.wish.policy;
    const { rules = [], experiment, shadow } = (await keys.list(account)).find(({ id }) => id === keyId)?.policy ?? {};
    const policy = {
      ...{ ...choice, experiment, shadow, rules: choice.rules.length > 0 ? choice.rules : rules },
      ...(deniedModels.length > 0 && { deniedModels }),
    };
    const changed = await keys.change(account, keyId, { policy });
    if (!changed) throw new GatewayError('not_found', 'There is no such key.', { param: 'key' });
  }

  return new Elysia()
    .use(createGuard(options, 'routing'))
    .get(`/${PATH}`, async ({ frame, session }) => {
      const props = await propsOf(session);
      return page(<ReplayPage {...props} {...{ frame, draft: firstDraft(), error: null }} />);
    })
    .post(
      `/${PATH}`,
      async ({ frame, session, form }) => {
        const draft = readDraft(form);
        const started = await attempt(
          wishOf(session.account, draft, frame.language).then((wish) => replays.start(session.account.id, wish)),
        );
        const { refusal } = started;
        const props = await propsOf(session);
        return page(
          <ReplayPage {...props} {...{ frame, draft, error: refusal && formError(frame, refusal) }} />,
          refusal?.status ?? 200,
        );
      },
      { parse: 'none' },
    )
    .post(
      `/${PATH}/save`,
      async ({ frame, session, form }) => {
        const { refusal } = await attempt(save(session.account, field(form, 'saveKey')));
        if (refusal) return refusalPage(frame, frame.t.routing.notChanged, refusal);
        return redirect(frame, withNotice(PATH, 'policy-saved'));
      },
      { parse: 'none' },
    );
};

function readDraft(form: URLSearchParams): ReplayDraft {
  return {
    strategy: field(form, 'strategy'),
    tolerance: field(form, 'tolerance').trim(),
    allowedModels: field(form, 'allowedModels'),
    ...readMinimums(form),
    deniedModels: field(form, 'deniedModels'),
    includesExplicit: field(form, 'includesExplicit') !== '',
    days: field(form, 'days'),
    key: field(form, 'key'),
    json: field(form, 'json'),
  };
}

/** The policy of the form, or the one that was pasted. Throws `invalid_request`. */
function policyOf(draft: ReplayDraft, language: Language): ReplayPolicy {
  if (draft.json.trim() !== '') return parsePolicy(ReplayPolicy, draft.json, { param: 'json', language });
  const percent = draft.tolerance === '' ? 0 : Number(draft.tolerance);
  if (!(percent >= 0 && percent <= MAX_TOLERANCE)) {
    throw new GatewayError('invalid_request', `This is a number from 0 to ${MAX_TOLERANCE}.`, { param: 'tolerance' });
  }
  const allowed = listOf(draft.allowedModels);
  return check(ReplayPolicy, {
    ...{ strategy: draft.strategy, qualityTolerance: percent / PERCENT, includesExplicit: draft.includesExplicit },
    deniedModels: listOf(draft.deniedModels),
    ...(allowed.length > 0 && { allowedModels: allowed }),
    ...(draft.minComplexity !== '' && { minComplexity: draft.minComplexity }),
    rules: rulesFrom(draft.minimums, []),
  });
}

function listOf(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  return names.filter((name) => name !== '');
}

function shown({ state, seen, total, wish, report }: ReplayRun) {
  return { state, seen, total, days: wish.days, policy: JSON.stringify(wish.policy, null, 2), report };
}
