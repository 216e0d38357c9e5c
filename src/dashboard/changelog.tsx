import { Elysia } from 'elysia';
import { CatalogueLive } from '../../views/pages/changelog/live.tsx';
import { ChangelogPage, type ChangelogQuery } from '../../views/pages/changelog.tsx';
import { demand, may } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import { decodeUri } from '../lib/decode-uri.ts';
import { attempt, field } from './form.ts';
import { createGuard, type GuardedFrame, refusalPage } from './guard.tsx';
import type { LiveTopic } from './live-topics.ts';
import { type NoticeCode, withNotice } from './notice.ts';
import type { DashboardOptions } from './options.ts';
import { page, redirect } from './reply.ts';

const SHOWN = 50;
/** Of what the last update brought; the rest is in the list below it. */
const FRESH = 20;

type CatalogueOptions = Pick<DashboardOptions, 'catalogue'>;

/** `/dashboard/changelog`: what became of the catalogue, the update itself, and what waits for the operator's word. */
export const changelogRoutes = (options: DashboardOptions) => {
  const { catalogue, changes: desk } = options;

  async function act(frame: GuardedFrame, notice: NoticeCode, work: () => Promise<void>): Promise<Response> {
    const { refusal } = await attempt(work());
    if (!refusal) return redirect(frame, withNotice('dashboard/changelog', notice));
    const { notAllowed, notUnderstood } = frame.t.doors;
    return refusalPage(frame, refusal.code === 'forbidden' ? notAllowed : notUnderstood, refusal);
  }

  return new Elysia()
    .use(createGuard(options, 'changelog'))
    .get('/dashboard/changelog', async ({ frame, session, request }) => {
      const parameters = new URL(request.url).searchParams;
      const query = readQuery(parameters);
      const before = parameters.get('before') ?? '';
      const asked = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));
      const [{ changes, next }, fresh] = await Promise.all([
        catalogue.changelog({ ...asked, limit: SHOWN, ...(before !== '' && { before }) }),
        readFresh(options),
      ]);
      const address = (more: Record<string, string>) =>
        `dashboard/changelog?${new URLSearchParams({ ...asked, ...more })}`;
      const status = catalogue.status();
      const pinned = new Set(status.pinned);
      return page(
        <ChangelogPage
          {...{ frame, query, changes, fresh, look: status, canChange: may(session.account, 'change-catalogue') }}
          waiting={status.waiting.filter(({ provider, model }) => !pinned.has(`${provider}/${model}`))}
          rejected={(status.last?.outcomes ?? []).filter((outcome) => outcome.status === 'failed')}
          newer={before === '' ? null : address({})}
          older={next === null ? null : address({ before: next })}
        />,
      );
    })
    .post(
      '/dashboard/changelog/update',
      ({ frame, session: { account } }) => act(frame, 'update-started', () => desk.startUpdate(account)),
      { parse: 'none' },
    )
    .post(
      '/dashboard/changelog/approve',
      ({ frame, session: { account }, form }) =>
        act(frame, 'update-started', async () => {
          demand(account, 'change-catalogue');
          await desk.startUpdate(account, { approve: [known(options, field(form, 'model'))] });
        }),
      { parse: 'none' },
    )
    .post(
      '/dashboard/changelog/reject/:id',
      ({ frame, session: { account }, params }) =>
        act(frame, 'price-rejected', () => desk.pin(account, [decodeUri(params.id)])),
      { parse: 'none' },
    )
    .post(
      '/dashboard/changelog/approve-run/:provider',
      ({ frame, session: { account }, params }) =>
        act(frame, 'update-started', async () => {
          demand(account, 'change-catalogue');
          const isKnown = catalogue.status().providers.some(({ provider }) => provider === params.provider);
          if (!isKnown) throw new GatewayError('not_found', 'There is no such provider.');
          await desk.startUpdate(account, { approveRuns: [params.provider] });
        }),
      { parse: 'none' },
    );
};

/** The moving part of the same. */
export const changelogTopic = (options: CatalogueOptions): LiveTopic => ({
  page: 'changelog',
  render: async (frame) => (
    <CatalogueLive {...{ frame, look: options.catalogue.status(), fresh: await readFresh(options) }} />
  ),
});

/** What the last update brought. */
async function readFresh({ catalogue }: CatalogueOptions) {
  const { last } = catalogue.status();
  if (!last || last.events === 0) return [];
  const { changes } = await catalogue.changelog({ limit: FRESH });
  return changes.filter(({ at, source }) => at >= last.startedAt && source === last.source);
}

function known({ catalogue }: CatalogueOptions, id: string): string {
  const isWaiting = catalogue.status().waiting.some(({ provider, model }) => `${provider}/${model}` === id);
  if (isWaiting) return id;
  throw new GatewayError('not_found', 'No price of this model is held.', { param: 'model' });
}

function readQuery(parameters: URLSearchParams): ChangelogQuery {
  const read = (name: string) => (parameters.get(name) ?? '').trim();
  return { provider: read('provider'), model: read('model'), type: read('type') };
}
