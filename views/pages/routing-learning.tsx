import { DialogButton } from '../components/dialog.tsx';
import { FormToken } from '../components/form.tsx';
import { Badge } from '../components/signs.tsx';
import { Time } from '../components/time.tsx';
import type { Frame } from '../layout.tsx';

type Source = 'caller' | 'shadow' | 'regenerate' | 'retry-stronger' | 'tool-failure' | 'went-on';

/** What the router has learned; shifts are in logits. */
export interface LearnedState {
  isOn: boolean;
  owners: number;
  labels: Partial<Record<Source, number>>;
  lastAt: number | null;
  models: readonly { model: string; logit: number }[];
  kinds: readonly { kind: string; weak: number; strong: number }[];
}

interface LearningProps {
  frame: Frame;
  learned: LearnedState;
  /** Whether the person may turn it on and off, and make it forget. */
  canChange: boolean;
  /** The environment decides whether it is on. */
  isFixed: boolean;
}

/** Whether the router learns from verdicts on answers, from how many, and how far they have moved it. */
export const RoutingLearning = ({ frame, learned, canChange, isFixed }: LearningProps) => {
  const t = frame.t.routing.learning;
  const total = Object.values(learned.labels).reduce((sum, count) => sum + count, 0);
  return (
    <section class="panel" id="learning">
      <h2>
        {t.title} <Badge tone={learned.isOn ? 'good' : 'plain'}>{learned.isOn ? t.on : t.off}</Badge>
      </h2>
      <p class="muted">{t.lead}</p>
      {total === 0 && learned.lastAt === null ? <p>{t.none}</p> : <Numbers frame={frame} learned={learned} />}
      {canChange && (
        <div class="row">
          {isFixed ? (
            <p class="muted">
              {t.fixed} <code>LEARNING</code>.
            </p>
          ) : (
            <form method="post" action="dashboard/routing/learning">
              <FormToken value={frame.viewer.formToken} />
              <input type="hidden" name="learning" value={learned.isOn ? 'off' : 'on'} />
              <button type="submit">{learned.isOn ? t.turnOff : t.turnOn}</button>
            </form>
          )}
          <DialogButton {...{ frame, id: 'learning-reset', title: t.forgetTitle, label: t.forget }}>
            <p>{t.forgetLead}</p>
            <form method="post" action="dashboard/routing/learning/reset">
              <FormToken value={frame.viewer.formToken} />
              <button type="submit" class="danger">
                {t.forgetSure}
              </button>
            </form>
          </DialogButton>
        </div>
      )}
    </section>
  );
};

const SOURCES = ['caller', 'shadow', 'regenerate', 'retry-stronger', 'tool-failure', 'went-on'] as const;

const Numbers = ({ frame, learned }: { frame: Frame; learned: LearnedState }) => {
  const t = frame.t.routing.learning;
  const { format } = frame;
  return (
    <dl class="fact-grid">
      {SOURCES.filter((source) => (learned.labels[source] ?? 0) > 0).map((source) => (
        <div>
          <dt>{t.sources[source]}</dt>
          <dd class="number">{format.count(learned.labels[source] ?? 0)}</dd>
        </div>
      ))}
      <div>
        <dt>{t.owners}</dt>
        <dd class="number">{format.count(learned.owners)}</dd>
      </div>
      <div>
        <dt>{t.last}</dt>
        <dd>{learned.lastAt === null ? '–' : <Time frame={frame} at={learned.lastAt} />}</dd>
      </div>
      {learned.models.length > 0 && (
        <div>
          <dt>{t.models}</dt>
          <dd>{learned.models.map(({ model, logit }) => `${model} ${signed(logit)}`).join(', ')}</dd>
        </div>
      )}
      {learned.kinds.length > 0 && (
        <div>
          <dt>{t.kinds}</dt>
          <dd>
            {learned.kinds.map(({ kind, weak, strong }) => `${kind} ${signed(weak)} / ${signed(strong)}`).join(', ')}
          </dd>
        </div>
      )}
    </dl>
  );
};

/** Two decimals tell as much as is known. */
function signed(logit: number): string {
  return `${logit < 0 ? '−' : '+'}${Math.abs(logit).toFixed(2)}`;
}
