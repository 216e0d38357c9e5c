import { FailureWords } from '../components/failure.tsx';
import { Money } from '../components/money.tsx';
import { Badge } from '../components/signs.tsx';
import { Time } from '../components/time.tsx';
import type { PlainFrame } from '../frame.ts';
import type { PriceReport, RequestReport } from './request-report.ts';

interface MoneyProps {
  frame: PlainFrame;
  report: RequestReport;
}

/** How many tokens there were of each class. */
export const RequestTokens = ({ frame, report }: MoneyProps) => {
  const { request, attempts } = report;
  const t = frame.t.request;
  return (
    <section class="panel">
      <h2>{t.tokens}</h2>
      <dl class="facts">
        {tokensOf(frame, report).map(([label, count]) => (
          <div>
            <dt>{label}</dt>
            <dd class="number">{frame.format.count(count)}</dd>
          </div>
        ))}
      </dl>
      <Extras {...{ frame, report }} />
      {request.isUsageEstimated && <p class="muted">{frame.t.overview.estimatedHint}</p>}
      {attempts.length > 1 && <Calls frame={frame} report={report} />}
    </section>
  );
};

/** What is billed beside the classes, or at a price of its own within one: why a cost is not tokens times price. */
const Extras = ({ frame, report: { request } }: MoneyProps) => {
  const t = frame.t.request;
  const { multiplier, calls = {}, cachedAudio = 0, imageInput = 0, videoInput = 0 } = request.usageExtras ?? {};
  const parts = [
    ...([
      [t.extras.cachedAudio, cachedAudio],
      [t.extras.imageInput, imageInput],
      [t.extras.videoInput, videoInput],
    ] as const),
    ...Object.entries(calls).map(([name, count]) => [t.callsOf(rateName(t.calls, name)), count] as const),
  ].filter(([, count]) => count > 0);
  if (parts.length === 0 && !multiplier) return null;
  return (
    <>
      <h3>{t.besides}</h3>
      <p class="muted">{t.besidesHint}</p>
      <dl class="facts">
        {parts.map(([label, count]) => (
          <div>
            <dt>{label}</dt>
            <dd class="number">{frame.format.count(count)}</dd>
          </div>
        ))}
        {multiplier && (
          <div>
            <dt>{t.multiplier}</dt>
            <dd>{multiplier}</dd>
          </div>
        )}
      </dl>
    </>
  );
};

/** What it cost, and which prices that was worked out with. */
export const RequestMoney = ({ frame, report }: MoneyProps) => {
  const { request, price, baselinePrice, recosts } = report;
  const t = frame.t.request;
  return (
    <section class="panel">
      <h2>{t.money}</h2>
      <dl class="facts">
        <div>
          <dt>{frame.t.overview.columns.cost}</dt>
          <dd>
            <Money frame={frame} nanoUsd={request.costNanoUsd} />{' '}
            {request.isSimulated && <Badge tone="simulated">{frame.t.common.simulated}</Badge>}
          </dd>
        </div>
        {request.baselineModel !== null && (
          <div>
            <dt>{t.baseline(request.baselineModel)}</dt>
            <dd>
              <Money frame={frame} nanoUsd={request.baselineNanoUsd} />
            </dd>
          </div>
        )}
      </dl>
      {price && <Price frame={frame} title={t.price} price={price} />}
      {baselinePrice && <Price frame={frame} title={t.baselinePrice} price={baselinePrice} />}
      {recosts.length > 0 && (
        <>
          <h3>{t.recosts}</h3>
          <ul class="plain">
            {recosts.map(({ at, oldCostNanoUsd, newCostNanoUsd }) => (
              <li>
                <Time frame={frame} at={at} />
                <span>
                  <Money frame={frame} nanoUsd={oldCostNanoUsd} /> → <Money frame={frame} nanoUsd={newCostNanoUsd} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
};

const Calls = ({ frame, report: { attempts } }: MoneyProps) => (
  <>
    <h3>{frame.t.request.attempts}</h3>
    <ul class="plain">
      {attempts.map(({ provider, model, errorCode, errorMessage, costNanoUsd }) => (
        <li>
          <span>
            {provider} · {model}
            {errorCode !== null && (
              <span class="asked">
                {errorCode}: <FailureWords frame={frame} code={errorCode} message={errorMessage} />
              </span>
            )}
          </span>
          <Money frame={frame} nanoUsd={costNanoUsd} />
        </li>
      ))}
    </ul>
  </>
);

/** A price row as the catalogue had it: dollars for a million tokens of each class. */
const Price = ({ frame, title, price }: { frame: PlainFrame; title: string; price: PriceReport }) => {
  const t = frame.t.request;
  return (
    <>
      <h3>{title}</h3>
      <p class="muted">
        {price.provider} · {price.model} · {t.perMillion}
      </p>
      <dl class="facts">
        {ratesOf(price.row).map(([name, dollars]) => (
          <div>
            <dt>{rateName(t.rates, name)}</dt>
            <dd class="number">{frame.format.money(dollars * 1e9)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
};

function ratesOf(row: unknown): [name: string, dollars: number][] {
  if (typeof row !== 'object' || row === null || !('rates' in row)) return [];
  const { rates } = row;
  if (typeof rates !== 'object' || rates === null) return [];
  return Object.entries(rates).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
}

function rateName(names: Record<string, string>, name: string): string {
  return names[name] ?? name;
}

function tokensOf({ t }: PlainFrame, { request }: RequestReport): [label: string, count: number][] {
  const { tokenClasses: c } = t.request;
  const all: [string, number][] = [
    [c.input, request.inputTokens],
    [c.cacheRead, request.cacheReadTokens],
    [c.cacheWriteShort, request.cacheWriteShortTokens],
    [c.cacheWriteLong, request.cacheWriteLongTokens],
    [c.audioInput, request.audioInputTokens],
    [c.output, request.outputTokens],
    [c.reasoning, request.reasoningTokens],
    [c.audioOutput, request.audioOutputTokens],
  ];
  return all.filter(([label, count]) => count > 0 || label === c.input || label === c.output);
}
