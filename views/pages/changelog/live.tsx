import { Badge, Progress, StatusLight } from '../../components/signs.tsx';
import { Time } from '../../components/time.tsx';
import type { PlainFrame } from '../../frame.ts';
import { ChangeTable, type RegistryChangeRow } from './changes.tsx';

/** How the catalogue stands, as far as a page shows it. */
export interface CatalogueLook {
  isRunning: boolean;
  sources: readonly { source: string; state: 'waiting' | 'reading' | 'done' | 'failed'; message: string }[];
  providers: readonly { provider: string; lastGoodAt: number | null; level: 'never' | 'ok' | 'warn' | 'error' }[];
  /** Prices that are held. */
  waiting: readonly unknown[];
  last: {
    endedAt: number;
    outcomes: readonly { provider: string; status: 'updated' | 'unchanged' | 'failed'; message: string }[];
    events: number;
    error: string | null;
  } | null;
}

interface CatalogueLiveProps {
  frame: PlainFrame;
  look: CatalogueLook;
  fresh: readonly RegistryChangeRow[];
}

const LIGHTS = { never: 'off', ok: 'good', warn: 'warn', error: 'bad' } as const;

/** The part that moves: the age of the prices, the update under way, and what the last one brought. */
export const CatalogueLive = ({ frame, look, fresh }: CatalogueLiveProps) => {
  const t = frame.t.changelog;
  return (
    <div class="models">
      <section class="panel">
        <h2>{t.freshness}</h2>
        <ul class="ages">
          {look.providers.map(({ provider, lastGoodAt, level }) => (
            <li>
              <StatusLight frame={frame} state={LIGHTS[level]} label={`${provider}: ${t.levels[level]}`} />
              {lastGoodAt !== null && (
                <span class="muted">
                  {t.lastGood} <Time frame={frame} at={lastGoodAt} />
                </span>
              )}
            </li>
          ))}
        </ul>
      </section>
      {look.isRunning ? <Running {...{ frame, look }} /> : look.last && <Last {...{ frame, look, fresh }} />}
    </div>
  );
};

const TONES = { waiting: 'plain', reading: 'accent', done: 'good', failed: 'danger' } as const;

const Running = ({ frame, look }: Omit<CatalogueLiveProps, 'fresh'>) => {
  const t = frame.t.changelog;
  const done = look.sources.filter(({ state }) => state === 'done' || state === 'failed').length;
  return (
    <section class="panel stack" id="update">
      <h2>{t.running}</h2>
      <Progress
        label={t.running}
        share={look.sources.length === 0 ? null : done / look.sources.length}
        text={t.progress(done, look.sources.length)}
      />
      <ul class="ages">
        {look.sources.map(({ source, state, message }) => (
          <li>
            <Badge tone={TONES[state]}>{t.sourceStates[state]}</Badge> {source}{' '}
            <span class="muted" lang="en">
              {message}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
};

const OUTCOME_TONES = { updated: 'good', unchanged: 'plain', failed: 'danger' } as const;

const Last = ({ frame, look: { last, waiting }, fresh }: CatalogueLiveProps) => {
  const t = frame.t.changelog;
  if (!last) return null;
  return (
    <section class="models" id="update">
      <div class="panel">
        <h2>
          {t.lastUpdate} <Time frame={frame} at={last.endedAt} />
        </h2>
        {last.error !== null && (
          <p class="note danger" lang="en">
            {last.error}
          </p>
        )}
        <ul class="ages">
          {last.outcomes.map(({ provider, status }) => (
            <li>
              {provider} <Badge tone={OUTCOME_TONES[status]}>{t.outcomes[status]}</Badge>
            </li>
          ))}
        </ul>
        <p class="muted">{t.found(last.events)}</p>
        {waiting.length > 0 && (
          // The page anew, and not only the place in it: what it held when it was loaded may be older.
          <p>
            <a href={`dashboard/changelog?since=${last.endedAt}#waiting`}>{t.toDecide(waiting.length)}</a>
          </p>
        )}
      </div>
      {fresh.length > 0 && <ChangeTable {...{ frame, changes: fresh }} />}
    </section>
  );
};
