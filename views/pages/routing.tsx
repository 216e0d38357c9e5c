import type { RoutePolicy } from '../../src/chat/route-policy.ts';
import { DecisionPanel, type TriedDecision } from '../components/decision-panel.tsx';
import { ErrorNote, type FormError, FormToken, Select, TextArea } from '../components/form.tsx';
import { Details, PageHead } from '../components/page-head.tsx';
import { PolicyWords } from '../components/policy-words.tsx';
import { Empty, Table } from '../components/table.tsx';
import { type Frame, Page } from '../layout.tsx';
import { RoutingExperiments, type ShownExperiment } from './routing-experiments.tsx';
import { type Defaults, type Mix, type Numbers, RoutingMeaning, RoutingMix } from './routing-meaning.tsx';
import { RoutingShadow, type ShadowReport } from './routing-shadow.tsx';
import { RoutingTabs } from './routing-tabs.tsx';

/** What a key says of how the gateway is to choose for it. */
export interface KeyPolicy {
  id: string;
  name: string;
  /** Null = the gateway's default. */
  strategy: string | null;
  fallbackModels: readonly string[];
  allowedModels: readonly string[];
  allowedStrategies: readonly string[];
  maxRequestNanoUsd: number | null;
  /** Its policy as JSON, which comes before the strategy; null for none. */
  policy: string | null;
  /** The same, to be told in words. */
  rules: RoutePolicy | null;
}

export interface TryDraft {
  key: string;
  model: string;
  system: string;
  prompt: string;
}

interface RoutingProps {
  frame: Frame;
  /** Those the person may see. */
  keys: readonly KeyPolicy[];
  canChange: boolean;
  /** Those the person may try with, as choices. */
  usable: readonly { value: string; label: string }[];
  strategies: readonly string[];
  defaults: Defaults;
  numbers: Numbers;
  mix: Mix;
  /** Of the keys the person may see. */
  experiments: readonly ShownExperiment[];
  /** Null for those who see their own keys alone. */
  shadow: ShadowReport | null;
  draft: TryDraft;
  error: FormError | null;
  /** Of what was tried. */
  decision: TriedDecision | null;
}

export const RoutingPage = (props: RoutingProps) => {
  const { frame, usable } = props;
  const t = frame.t.routing;
  return (
    <Page title={t.title} frame={frame} hasCharts={true}>
      <PageHead title={t.title} lead={t.lead} />
      <RoutingTabs frame={frame} current="now" />
      <RoutingMeaning {...props} />
      <section>
        <h2>{t.keys}</h2>
        <KeyStrategies {...props} />
      </section>
      <RoutingMix frame={frame} mix={props.mix} />
      <RoutingExperiments frame={frame} experiments={props.experiments} />
      {props.shadow && <RoutingShadow frame={frame} report={props.shadow} />}
      {usable.length > 0 && <TrySection {...props} />}
    </Page>
  );
};

const columns = ({ t }: Frame) =>
  [
    { label: t.routing.columns.key },
    { label: t.routing.columns.policy },
    { label: t.routing.columns.strategy, class: 'right' },
  ] as const;

const KeyStrategies = ({ frame, keys, canChange, strategies, defaults }: RoutingProps) => {
  const t = frame.t.routing;
  if (keys.length === 0) return <Empty title={frame.t.keys.none}>{frame.t.keys.noneHint}</Empty>;
  return (
    <Table caption={t.keysCaption} columns={columns(frame)}>
      {keys.map((key) => (
        <tr>
          <td class="lead strong">{key.name}</td>
          <td class="sub muted">
            {policyInWords(frame, key)}
            {key.rules !== null && (
              <p>
                <PolicyWords frame={frame} policy={key.rules} />
              </p>
            )}
            {key.policy !== null && (
              <Details summary={t.hasPolicy}>
                <code>{key.policy}</code>
              </Details>
            )}
          </td>
          <td class="lead-end right nowrap">
            {canChange ? (
              <StrategyForm {...{ frame, policy: key, strategies, defaults }} />
            ) : (
              (key.strategy ?? t.byDefault(strategyName(frame, defaults.strategy)))
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
};

interface StrategyFormProps {
  frame: Frame;
  policy: KeyPolicy;
  strategies: readonly string[];
  defaults: Defaults;
}

const StrategyForm = ({ frame, policy, strategies, defaults }: StrategyFormProps) => {
  const t = frame.t.routing;
  return (
    <form method="post" action={`dashboard/routing/keys/${policy.id}`} class="inline-form">
      <FormToken value={frame.viewer.formToken} />
      <select name="strategy" aria-label={t.strategyOf(policy.name)}>
        <option value="" selected={policy.strategy === null}>
          {t.byDefault(strategyName(frame, defaults.strategy))}
        </option>
        {strategies.map((value) => (
          <option value={value} selected={value === policy.strategy}>
            {strategyName(frame, value)}
          </option>
        ))}
      </select>
      <button type="submit" class="quiet" aria-label={t.saveFor(policy.name)}>
        {t.save}
      </button>
    </form>
  );
};

export function strategyName({ t }: Frame, strategy: string): string {
  const names: Record<string, string> = t.keys.strategies;
  return names[strategy] ?? strategy;
}

/** The rest of what a key says, in short. */
function policyInWords(frame: Frame, policy: KeyPolicy): string {
  const t = frame.t.routing;
  const { allowedModels, allowedStrategies, fallbackModels, maxRequestNanoUsd } = policy;
  const parts = [
    allowedModels.length > 0 && t.only(allowedModels.join(', ')),
    allowedStrategies.length > 0 && t.onlyBy(allowedStrategies.map((name) => strategyName(frame, name)).join(', ')),
    maxRequestNanoUsd !== null && t.atMost(frame.format.money(maxRequestNanoUsd)),
    fallbackModels.length > 0 && t.fallback(fallbackModels.join(', ')),
  ].filter(Boolean);
  if (parts.length === 0) return policy.rules === null ? t.anything : '';
  return parts.join(' · ');
}

const TrySection = ({ frame, usable, strategies, draft, error, decision }: RoutingProps) => {
  const t = frame.t.routing;
  const models = [
    { value: 'auto', label: frame.t.playground.auto },
    ...strategies.map((value) => ({
      value: `auto:${value}`,
      label: frame.t.playground.autoBy(strategyName(frame, value)),
    })),
  ];
  return (
    <>
      <section class="panel" id="try">
        <h2>{t.tryIt}</h2>
        <p class="muted">{t.tryLead}</p>
        <ErrorNote error={error} shown={['prompt', 'key']} />
        <form method="post" action="dashboard/routing/try#try" class="stack">
          <FormToken value={frame.viewer.formToken} />
          <TextArea
            {...{ label: frame.t.playground.prompt, name: 'prompt', value: draft.prompt, error, rows: '4' }}
            {...{ required: true, placeholder: frame.t.playground.promptPlaceholder }}
          />
          <TextArea {...{ label: frame.t.playground.system, name: 'system', value: draft.system, rows: '2' }} />
          <div class="row">
            <Select {...{ label: t.asModel, name: 'model', value: draft.model, options: models }} />
            <Select {...{ label: t.asKey, name: 'key', value: draft.key, options: usable, error }} />
            <button type="submit" class="primary">
              {t.decide}
            </button>
          </div>
        </form>
      </section>
      {decision && <DecisionPanel frame={frame} decision={decision} />}
    </>
  );
};
