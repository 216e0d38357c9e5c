import { errorWords } from '../components/failure.tsx';
import type { PlainFrame } from '../frame.ts';
import type { RequestReport } from './request-report.ts';

const WIDTH = 1000;
const HEIGHT = 12;
/** So that a stage of a few microseconds can still be seen. */
const MIN_WIDTH = 3;

interface Span {
  label: string;
  startMs: number;
  endMs: number;
  kind: 'ours' | 'provider' | 'failed' | 'stream';
  note: string | null;
}

/** Where the time of a request went: our own stages, then each call to a provider, then the answer on its way. */
export const Waterfall = ({ frame, report }: { frame: PlainFrame; report: RequestReport }) => {
  const spans = spansOf(frame, report);
  const totalMs = Math.max(report.request.durationMs, ...spans.map(({ endMs }) => endMs), 1);
  const t = frame.t.request;
  return (
    <section class="panel">
      <h2>{t.stages}</h2>
      {report.details === null && <p class="muted">{t.pruned}</p>}
      <div class="waterfall">
        <table>
          <caption class="unseen">{t.stagesCaption}</caption>
          <thead class="unseen">
            <tr>
              <th scope="col">{t.stage}</th>
              <th scope="col">{t.stages}</th>
              <th scope="col">{frame.t.overview.columns.time}</th>
            </tr>
          </thead>
          <tbody>
            {spans.map((span) => (
              <tr>
                <th scope="row">
                  {span.label}
                  {span.note !== null && <span class="asked">{span.note}</span>}
                </th>
                <td class="span-cell">
                  <SpanBar span={span} totalMs={totalMs} />
                </td>
                <td class="right nowrap number">{writeTime(frame, span.endMs - span.startMs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
};

const SpanBar = ({ span, totalMs }: { span: Span; totalMs: number }) => {
  const x = Math.min((span.startMs / totalMs) * WIDTH, WIDTH - MIN_WIDTH);
  const width = Math.min(Math.max(((span.endMs - span.startMs) / totalMs) * WIDTH, MIN_WIDTH), WIDTH - x);
  return (
    <svg class="span" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <rect class="span-track" x="0" y="5.5" width={WIDTH} height="1" />
      <rect class={`span-${span.kind}`} x={round(x)} y="1" width={round(width)} height={HEIGHT - 2} />
    </svg>
  );
};

function spansOf(frame: PlainFrame, { request, attempts, details }: RequestReport): Span[] {
  const t = frame.t.request;
  const names: Record<string, string> = t.stageNames;
  const spans: Span[] = [];
  let fromMs = 0;
  for (const { stage, endedUs } of details?.laps ?? []) {
    const endMs = endedUs / 1000;
    // What this lap waits for is told by the attempts.
    if (stage !== 'first-content') {
      spans.push({ label: names[stage] ?? stage, startMs: fromMs, endMs, kind: 'ours', note: null });
    }
    fromMs = endMs;
  }
  for (const attempt of attempts) {
    const startMs = Math.max(0, attempt.startedAt - request.startedAt);
    const isFailed = attempt.errorCode !== null;
    const untilMs = isFailed ? attempt.durationMs : Math.max(attempt.headersMs ?? 0, firstAfter(request, startMs));
    spans.push({
      ...{ label: `${attempt.provider} · ${attempt.model}`, startMs, endMs: startMs + untilMs },
      ...{ kind: isFailed ? 'failed' : 'provider', note: errorWords(frame, attempt.errorCode) ?? attempt.errorCode },
    });
  }
  if (request.firstContentMs !== null && request.firstContentMs < request.durationMs) {
    const label = request.isStream ? t.stream : t.answer;
    spans.push({ label, startMs: request.firstContentMs, endMs: request.durationMs, kind: 'stream', note: null });
  }
  return spans;
}

/** How long after a call the first word came; all the time there was, when none did. */
function firstAfter({ firstContentMs, durationMs }: RequestReport['request'], startMs: number): number {
  return Math.max(0, (firstContentMs ?? durationMs) - startMs);
}

/** Our own stages take microseconds. */
export function writeTime({ format }: PlainFrame, ms: number): string {
  if (ms >= 10) return format.duration(ms);
  return ms < 1 ? `${Math.round(ms * 1000)} µs` : `${format.tenth(ms)} ms`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
