import { AnswerColumn, type AnswerTexts, EMPTY_ANSWER } from '../components/answer.tsx';
import { Checkbox, ErrorNote, Field, type FormError, FormToken, Select, TextArea } from '../components/form.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Empty } from '../components/table.tsx';
import { type Frame, Page } from '../layout.tsx';

/** How many models can be asked at once. */
export const COLUMNS = 4;

/** What is in the form, as it was typed. */
export interface PlaygroundDraft {
  key: string;
  /** One for each column; empty = no column. */
  models: readonly string[];
  system: string;
  prompt: string;
  temperature: string;
  maxTokens: string;
  isFresh: boolean;
}

interface PlaygroundProps {
  frame: Frame;
  /** Those the person may use, as choices. */
  keys: readonly { value: string; label: string }[];
  /** Names of models that can be asked now. */
  models: readonly string[];
  strategies: readonly string[];
  draft: PlaygroundDraft;
  error: FormError | null;
  /** Without a script the answers come with the page. */
  answers: readonly AnswerTexts[];
}

export const PlaygroundPage = (props: PlaygroundProps) => {
  const { frame, keys, answers } = props;
  const t = frame.t.playground;
  return (
    <Page title={t.title} frame={frame}>
      <PageHead title={t.title} lead={t.lead} />
      {keys.length === 0 ? (
        <Empty title={t.noKey}>
          {t.noKeyHint} <a href="dashboard/keys">{t.makeKey}</a>
        </Empty>
      ) : (
        <PromptForm {...props} />
      )}
      <section
        {...{ id: 'answers', class: 'answers', 'aria-label': t.answers }}
        {...{ 'data-stopped': t.stopped, 'data-broken': t.broken }}
      >
        {answers.map((answer) => (
          <AnswerColumn frame={frame} answer={answer} />
        ))}
      </section>
      <template id="answer-column">
        <AnswerColumn frame={frame} answer={EMPTY_ANSWER} />
      </template>
    </Page>
  );
};

const SHOWN_ERRORS = ['prompt', 'key', 'model1', 'temperature', 'maxTokens'];

const PromptForm = ({ frame, keys, models, strategies, draft, error }: PlaygroundProps) => {
  const t = frame.t.playground;
  const names: Record<string, string> = frame.t.keys.strategies;
  const choices = [
    { value: 'auto', label: t.auto },
    ...strategies.map((value) => ({ value: `auto:${value}`, label: t.autoBy(names[value] ?? value) })),
    ...models.map((value) => ({ value, label: value })),
  ];
  return (
    <section class="panel">
      <ErrorNote error={error} shown={SHOWN_ERRORS} />
      <form {...{ method: 'post', action: 'dashboard/playground', class: 'stack', 'data-playground': true }}>
        <FormToken value={frame.viewer.formToken} />
        <TextArea
          {...{ label: t.prompt, name: 'prompt', value: draft.prompt, error, rows: '5', required: true }}
          placeholder={t.promptPlaceholder}
        />
        <div class="columns-4">
          {Array.from({ length: COLUMNS }, (_, index) => (
            <Select
              {...{ label: t.column(index + 1), name: `model${index + 1}`, value: draft.models[index] ?? '', error }}
              options={index === 0 ? choices : [{ value: '', label: t.nobody }, ...choices]}
            />
          ))}
        </div>
        <details open={draft.system !== '' || draft.temperature !== '' || draft.maxTokens !== ''}>
          <summary>{t.options}</summary>
          <div class="stack fold-body">
            <TextArea {...{ label: t.system, name: 'system', value: draft.system, error, rows: '3' }} />
            <div class="columns-4">
              <Field
                {...{ label: t.temperature, name: 'temperature', value: draft.temperature, error }}
                {...{ type: 'number', min: 0, step: '0.1', placeholder: t.modelDefault }}
              />
              <Field
                {...{ label: t.maxTokens, name: 'maxTokens', value: draft.maxTokens, error }}
                {...{ type: 'number', min: 1, step: '1', placeholder: t.modelDefault }}
              />
            </div>
            <Checkbox {...{ label: t.fresh, name: 'fresh', checked: draft.isFresh, hint: t.freshHint }} />
          </div>
        </details>
        <div class="row">
          <Select {...{ label: t.billedTo, name: 'key', value: draft.key, options: keys, error }} />
          <button type="submit" class="primary">
            {t.ask}
          </button>
          <button type="button" data-stop={true} hidden={true}>
            {t.stop}
          </button>
        </div>
      </form>
    </section>
  );
};
