import { Elysia } from 'elysia';
import type { FormError } from '../../views/components/form.tsx';
import { KeyPage } from '../../views/pages/key.tsx';
import type { KeyDraft } from '../../views/pages/key-form.tsx';
import type { ShownKey } from '../../views/pages/key-parts.tsx';
import { EMPTY_POLICY } from '../../views/pages/policy-fields.tsx';
import type { ShownPolicy } from '../../views/pages/policy-form.tsx';
import { type Account, may, STRATEGIES } from '../accounts/index.ts';
import type { GatewayKeySummary } from '../db/queries/gateway-keys.ts';
import { GatewayError } from '../errors.ts';
import { attempt, field, formError } from './form.ts';
import { createGuard, type GuardedFrame, refusalPage } from './guard.tsx';
import { keyRows } from './key-rows.ts';
import { readDraft, undoOf } from './keys.tsx';
import { draftOfLimits, limitsFrom, listFrom } from './limit-form.ts';
import { withNotice } from './notice.ts';
import type { DashboardOptions } from './options.ts';
import { policyFrom, policyFromJson, readPolicyDraft, showPolicy } from './policy-form.ts';
import { page, redirect } from './reply.ts';

const USAGE_DAYS = 30;

interface Shown {
  draft?: KeyDraft;
  policy?: Partial<ShownPolicy>;
  policyError?: FormError;
  error?: FormError;
  shown?: ShownKey;
  status?: number;
}

/** `/dashboard/keys/:id`: one key, and everything that can be done to it. */
export const keyRoutes = (options: DashboardOptions) => {
  const { keys, keyUsage, now, clientOf } = options;

  async function show(frame: GuardedFrame, account: Account, id: string, extra: Shown = {}): Promise<Response> {
    const key = await keys.find(account, id);
    const [row] = key ? await keyRows(options, account, [key]) : [];
    if (!key || !row) return missing(frame);
    const days = await keyUsage.days([id], USAGE_DAYS);
    const t = frame.t.keys;
    const hasSimulated = days.some(({ simulatedNanoUsd }) => simulatedNanoUsd > 0);
    const series = [{ label: t.usageSeries, values: days.map(({ costNanoUsd }) => costNanoUsd) }];
    if (hasSimulated) {
      series.push({ label: t.simulatedSeries, values: days.map(({ simulatedNanoUsd }) => simulatedNanoUsd) });
    }
    const usage = { labels: days.map(({ start }) => frame.format.dayOfMonth(start)), series };
    const props = {
      can: { change: may(account, 'change-own-keys'), limit: may(account, 'set-key-limits') },
      ...{ row, usage, strategies: STRATEGIES, undo: undoOf(key, account, now()) },
      ...{ draft: extra.draft ?? draftOf(key), error: extra.error ?? null, shown: extra.shown ?? null },
      policy: { ...showPolicy(key.policy), ...extra.policy },
      policyError: extra.policyError ?? null,
    };
    return page(<KeyPage frame={frame} {...props} />, extra.status ?? 200);
  }

  return new Elysia()
    .use(createGuard(options, 'keys'))
    .get('/dashboard/keys/:id', ({ frame, session, params }) => show(frame, session.account, params.id))
    .post(
      '/dashboard/keys/:id',
      async ({ frame, session, form, params }) => {
        const draft = readDraft(form);
        const { refusal, value } = await attempt(change(session.account, params.id, draft));
        if (refusal) {
          const extra = { draft, error: formError(frame, refusal), status: refusal.status };
          return await show(frame, session.account, params.id, extra);
        }
        return value ? redirect(frame, withNotice(`dashboard/keys/${value.id}`, 'key-saved')) : missing(frame);
      },
      { parse: 'none' },
    )
    .post(
      '/dashboard/keys/:id/policy',
      async ({ frame, session: { account }, form, params }) => {
        const draft = readPolicyDraft(form);
        const work = async () => {
          const before = await keys.find(account, params.id);
          return await keys.change(account, params.id, { policy: policyFrom(draft, before?.policy ?? null) });
        };
        const { refusal, value } = await attempt(work());
        if (!refusal) return answerSaved(frame, value);
        const policyError = formError(frame, refusal);
        return await show(frame, account, params.id, { policy: { draft }, policyError, status: refusal.status });
      },
      { parse: 'none' },
    )
    .post(
      '/dashboard/keys/:id/policy/json',
      async ({ frame, session: { account }, form, params }) => {
        const json = field(form, 'policyJson');
        const work = async () =>
          await keys.change(account, params.id, { policy: policyFromJson(json, frame.language) });
        const { refusal, value } = await attempt(work());
        if (!refusal) return answerSaved(frame, value);
        const policyError = { ...formError(frame, refusal), field: 'policyJson' };
        return await show(frame, account, params.id, { policy: { json }, policyError, status: refusal.status });
      },
      { parse: 'none' },
    )
    .post(
      '/dashboard/keys/:id/rotate',
      async ({ frame, session, form, params, request, server }) => {
        const overlapHours = Number(field(form, 'overlapHours') || 24);
        const { refusal, value } = await attempt(keys.rotate(session.account, params.id, { overlapHours }));
        if (refusal) return refusalPage(frame, frame.t.doors.notAllowed, refusal);
        if (!value) return missing(frame);
        const { name, previousUntil } = value.row;
        const shown = { name, keyText: value.key, baseUrl: clientOf(request, server).baseUrl, previousUntil };
        return await show(frame, session.account, params.id, { shown, status: 201 });
      },
      { parse: 'none' },
    )
    .post(
      '/dashboard/keys/:id/revoke',
      async ({ frame, session, params }) => {
        const { refusal, value } = await attempt(keys.revoke(session.account, params.id));
        // A key that is gone already is what the person wanted.
        if (refusal) return refusalPage(frame, frame.t.doors.notAllowed, refusal);
        return redirect(frame, withNotice(value ? `dashboard/keys?key=${params.id}` : 'dashboard/keys', 'key-revoked'));
      },
      { parse: 'none' },
    )
    .post(
      '/dashboard/keys/:id/restore',
      async ({ frame, session, params }) => {
        const { refusal, value } = await attempt(keys.restore(session.account, params.id));
        if (refusal) return refusalPage(frame, frame.t.doors.notAllowed, refusal);
        if (value) return redirect(frame, withNotice('dashboard/keys', 'key-restored'));
        return refusalPage(frame, frame.t.doors.notAllowed, new GatewayError('not_found', frame.t.keys.tooLate));
      },
      { parse: 'none' },
    );

  /** Those who may not set limits have no fields for them. */
  async function change(account: Account, id: string, draft: KeyDraft) {
    const { expiresOn, name, strategy, fallbackModels, storesBodies } = draft;
    const isLimiting = may(account, 'set-key-limits');
    const before = await keys.find(account, id);
    // The field shows a day; one that was left alone must not take hours off the expiry.
    const isDayKept = before !== null && draftOf(before).expiresOn === expiresOn;
    const expiresAt = expiresOn === '' ? null : Date.parse(expiresOn);
    return await keys.change(account, id, {
      ...{ name, strategy: strategy || null, fallbackModels: listFrom(fallbackModels) },
      storesBodies: storesBodies !== '',
      ...(isLimiting && { limits: limitsFrom(draft), ...(!isDayKept && { expiresAt }) }),
    });
  }
};

function draftOf(key: GatewayKeySummary): KeyDraft {
  return {
    ...draftOfLimits(key.limits),
    policy: EMPTY_POLICY,
    ...{ name: key.name, ownerId: '', lifetime: '', strategy: key.strategy ?? '' },
    expiresOn: key.expiresAt === null ? '' : new Date(key.expiresAt).toISOString().slice(0, 10),
    fallbackModels: key.fallbackModels.join('\n'),
    storesBodies: key.storesBodies ? 'on' : '',
  };
}

function answerSaved(frame: GuardedFrame, key: GatewayKeySummary | null): Response {
  return key ? redirect(frame, withNotice(`dashboard/keys/${key.id}`, 'key-policy-saved')) : missing(frame);
}

function missing(frame: GuardedFrame): Response {
  return refusalPage(frame, frame.t.doors.notFound, new GatewayError('not_found', frame.t.keys.noSuchKey));
}
