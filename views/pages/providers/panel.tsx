import { errorWords } from '../../components/failure.tsx';
import { ConfirmButton, FormToken } from '../../components/form.tsx';
import { Badge, Bar, StatusLight } from '../../components/signs.tsx';
import { Time } from '../../components/time.tsx';
import type { Copy } from '../../copy/index.ts';
import type { Frame } from '../../frame.ts';

interface Allowance {
  limit: number;
  remaining: number;
  resetAt: number | null;
}

export interface ProviderKeyRow {
  id: string;
  name: string | null;
  weight: number;
  createdAt: number | null;
  restsUntil: number | null;
  reason: 'auth' | 'rate' | null;
  headroom: {
    requests?: Allowance;
    tokens?: Allowance;
    inputTokens?: Allowance;
    outputTokens?: Allowance;
    at: number;
  } | null;
}

export interface ProviderRow {
  id: string;
  label: string;
  baseUrl: string;
  state: 'connected' | 'simulated' | 'off';
  origin: 'vendor' | 'file' | 'own';
  health: {
    state: 'idle' | 'up' | 'degraded' | 'down';
    failureRate: number;
    calls: number;
    lastAt: number | null;
    lastError: string | null;
    lastErrorAt: number | null;
    p50Ms: number | null;
    p95Ms: number | null;
    firstContentMs: number | null;
  };
  requests: number;
  errors: number;
  keys: readonly ProviderKeyRow[];
}

export interface TrialShown {
  keyId: string;
  result: keyof Copy['providers']['trials'];
  durationMs: number;
  models: number | null;
}

interface PanelProps {
  frame: Frame;
  provider: ProviderRow;
  canChange: boolean;
  trial: TrialShown | null;
}

const TONES = { connected: 'good', simulated: 'simulated', off: 'plain' } as const;
const LIGHTS = { idle: 'off', up: 'good', degraded: 'warn', down: 'bad' } as const;

/** One provider: who answers in its name, how well, and with which keys. */
export const ProviderPanel = ({ frame, provider, canChange, trial }: PanelProps) => {
  const t = frame.t.providers;
  const { label, state, origin, health, keys } = provider;
  return (
    <article class="panel vendor">
      <header>
        <h3>{label}</h3>
        <Badge tone={TONES[state]}>{t.states[state]}</Badge>
      </header>
      <p class="muted">{explain(t, provider)}</p>
      <p class="vendor-health">
        <StatusLight frame={frame} state={LIGHTS[health.state]} label={t.health[health.state]} />
        {health.calls > 0 && <span class="muted">{t.ofCalls(health.calls)}</span>}
      </p>
      {(health.calls > 0 || provider.requests > 0) && <Figures {...{ frame, provider }} />}
      {keys.length > 0 && (
        <ul class="plain">
          {keys.map((key) => (
            <KeyItem {...{ frame, keyRow: key, canChange, trial, isOnly: keys.length === 1 }} />
          ))}
        </ul>
      )}
      {origin !== 'vendor' && <code class="vendor-url">{provider.baseUrl}</code>}
      {origin === 'own' && canChange && (
        <p class="vendor-actions">
          <a class="button quiet" href={`dashboard/providers/own/${encodeURIComponent(provider.id)}`}>
            {t.edit}
          </a>
          <ConfirmButton
            {...{ frame, id: `remove-server-${provider.id}`, verb: t.remove, subject: label }}
            action={`dashboard/providers/own/${encodeURIComponent(provider.id)}/remove`}
          >
            {t.removeServerHint}
          </ConfirmButton>
        </p>
      )}
    </article>
  );
};

const Figures = ({ frame, provider }: Pick<PanelProps, 'frame' | 'provider'>) => {
  const { t, format } = frame;
  const { health, requests, errors } = provider;
  const time = (ms: number | null) => (ms === null ? '–' : format.duration(ms));
  const figures = [
    [t.providers.lastHour, t.providers.requests(requests)],
    [t.providers.failed, format.share(errors, requests)],
    [t.providers.latency, `${time(health.p50Ms)} / ${time(health.p95Ms)}`],
    [t.providers.firstContent, time(health.firstContentMs)],
  ] as const;
  return (
    <dl class="figures">
      {figures.map(([label, value]) => (
        <div>
          <dt>{label}</dt>
          <dd class="number">{value}</dd>
        </div>
      ))}
      {health.lastErrorAt !== null && (
        <div class="whole">
          <dt>{t.providers.lastFailure}</dt>
          <dd>
            {errorWords(frame, health.lastError) ?? <code>{health.lastError}</code>}{' '}
            <Time frame={frame} at={health.lastErrorAt} />
          </dd>
        </div>
      )}
    </dl>
  );
};

interface KeyProps {
  frame: Frame;
  keyRow: ProviderKeyRow;
  canChange: boolean;
  trial: TrialShown | null;
  isOnly: boolean;
}

const KeyItem = ({ frame, keyRow, canChange, trial, isOnly }: KeyProps) => {
  const t = frame.t.providers;
  const { id, createdAt, restsUntil, reason, headroom } = keyRow;
  const name = keyRow.name ?? t.unnamed;
  const base = `dashboard/providers/keys/${encodeURIComponent(id)}`;
  const anchor = `key-${id.replaceAll(/[^\w-]/g, '-')}`;
  return (
    <li class="vendor-key" id={anchor}>
      <div class="vendor-key-head">
        <span>
          {name}{' '}
          {createdAt !== null && (
            <span class="muted">
              {t.added} <Time frame={frame} at={createdAt} />
            </span>
          )}
        </span>
        {createdAt !== null && <code class="muted">{id.slice(-8)}</code>}
      </div>
      {restsUntil !== null && (
        <p class="note warn">
          {reason === 'auth' ? t.restsAuth : t.restsRate} {t.until(frame.format.duration(restsUntil - frame.now))}
        </p>
      )}
      {headroom && <Headroom frame={frame} headroom={headroom} />}
      {trial?.keyId === id && (
        <p class={['note', trial.result === 'works' ? 'good' : 'danger']} role="status">
          {t.trials[trial.result]} {trial.models !== null && t.listed(trial.models)}{' '}
          <span class="number">{frame.format.duration(trial.durationMs)}</span>
        </p>
      )}
      {canChange && (
        <div class="vendor-actions">
          <form method="post" action={`${base}/test#${anchor}`}>
            <FormToken value={frame.viewer.formToken} />
            <button type="submit" class="quiet" aria-label={`${t.test} ${name}`}>
              {t.test}
            </button>
          </form>
          {createdAt !== null && (
            <form method="post" action={`${base}/weight`} class="weight-form">
              <FormToken value={frame.viewer.formToken} />
              <input
                {...{ type: 'number', name: 'weight', value: String(keyRow.weight), min: 0, max: 100 }}
                aria-label={`${t.weight}: ${name}`}
              />
              <button type="submit" class="quiet" aria-label={`${t.saveWeight}: ${name}`}>
                {t.saveWeight}
              </button>
            </form>
          )}
          {createdAt !== null && (
            <ConfirmButton
              {...{ frame, id: `remove-${id}`, action: `dashboard/providers/${id}/revoke` }}
              {...{ verb: t.remove, subject: name }}
            >
              {t.removeHint}
            </ConfirmButton>
          )}
        </div>
      )}
      {!canChange && !isOnly && (
        <span class="muted">
          {t.weight} <span class="number">{keyRow.weight}</span>
        </span>
      )}
    </li>
  );
};

const KINDS = ['requests', 'tokens', 'inputTokens', 'outputTokens'] as const;

/** How much of each limit is used up, as the provider last told. */
const Headroom = ({ frame, headroom }: { frame: Frame; headroom: NonNullable<ProviderKeyRow['headroom']> }) => {
  const t = frame.t.providers;
  return (
    <div class="headroom">
      {KINDS.map((kind) => {
        const allowance = headroom[kind];
        if (!allowance) return null;
        const { limit, remaining } = allowance;
        const left = t.left(frame.format.compact(remaining), frame.format.compact(limit));
        return <Bar label={t.kinds[kind]} value={limit - remaining} max={limit} text={`${t.kinds[kind]}: ${left}`} />;
      })}
      <span class="muted">
        {t.asOf} <Time frame={frame} at={headroom.at} />
      </span>
    </div>
  );
};

function explain(t: Copy['providers'], { state, keys }: ProviderRow): string {
  if (state === 'simulated') return t.whenSimulated;
  if (state === 'off') return keys.length > 0 ? t.whenSetAside : t.whenOff;
  return keys.some(({ createdAt }) => createdAt !== null) ? t.whenConnected : t.whenFromOutside;
}
