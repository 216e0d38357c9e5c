import { ErrorNote, Field, type FormError, FormToken } from '../../components/form.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { type Frame, Page } from '../../layout.tsx';

/** A model as it is typed: everything is text until it is judged. */
export interface ModelDraft {
  id: string;
  context: string;
  input: string;
  output: string;
  cacheRead: string;
  quality: string;
  free: boolean;
  tools: boolean;
  vision: boolean;
  structured: boolean;
}

export interface ServerDraft {
  id: string;
  label: string;
  baseUrl: string;
  models: readonly ModelDraft[];
}

export const EMPTY_MODEL: ModelDraft = {
  ...{ id: '', context: '', input: '', output: '', cacheRead: '', quality: '' },
  ...{ free: false, tools: false, vision: false, structured: false },
};

interface ServerFormProps {
  frame: Frame;
  /** Null = a new one. */
  editedId: string | null;
  draft: ServerDraft;
  error: FormError | null;
}

const SHOWN = ['id', 'label', 'baseUrl', 'key'];

/** Adds or changes a server of the operator's own. */
export const ServerFormPage = ({ frame, editedId, draft, error }: ServerFormProps) => {
  const t = frame.t.providers;
  const action =
    editedId === null ? 'dashboard/providers/new' : `dashboard/providers/own/${encodeURIComponent(editedId)}`;
  const title = editedId === null ? t.addServer : t.editServer(draft.label || draft.id);
  return (
    <Page title={title} frame={frame}>
      <PageHead title={title} lead={t.serverLead} />
      <form method="post" action={action} class="stack" autocomplete="off">
        <FormToken value={frame.viewer.formToken} />
        <section class="panel stack">
          <ErrorNote error={error} shown={SHOWN} />
          <div class="row">
            {editedId === null && (
              <Field
                {...{ label: t.serverId, name: 'id', value: draft.id, error, hint: t.serverIdHint }}
                placeholder="my-server"
                maxlength={100}
                required
              />
            )}
            <Field {...{ label: t.serverLabel, name: 'label', value: draft.label, error }} maxlength={100} />
            <Field
              {...{ label: t.baseUrl, name: 'baseUrl', type: 'url', value: draft.baseUrl, error, hint: t.baseUrlHint }}
              placeholder="http://localhost:11434/v1"
              maxlength={2000}
              required
            />
            {editedId === null && (
              <Field
                {...{ label: t.serverKey, name: 'key', type: 'password', error, hint: t.serverKeyHint }}
                autocomplete="off"
                maxlength={4096}
              />
            )}
          </div>
        </section>
        <h2>{t.itsModels}</h2>
        <p class="muted">{t.itsModelsHint}</p>
        {draft.models.map((model, index) => (
          <ModelFields {...{ frame, model, index }} />
        ))}
        <div class="row">
          <button type="submit" class="primary">
            {t.save}
          </button>
          <a class="button quiet" href="dashboard/providers">
            {frame.t.common.cancel}
          </a>
        </div>
      </form>
    </Page>
  );
};

const ModelFields = ({ frame, model, index }: { frame: Frame; model: ModelDraft; index: number }) => {
  const t = frame.t.providers.modelFields;
  const texts = ['id', 'context', 'input', 'output', 'cacheRead', 'quality'] as const;
  const marks = ['free', 'tools', 'vision', 'structured'] as const;
  return (
    <fieldset class="panel model-fields">
      <legend class="unseen">{frame.t.providers.nthModel(index + 1)}</legend>
      <div class="row">
        {texts.map((name) => (
          <Field
            {...{ label: t[name], name: `${name}-${index}`, value: model[name] }}
            {...(name === 'id' ? { maxlength: 200 } : { inputmode: 'decimal', maxlength: 20 })}
          />
        ))}
      </div>
      <div class="marks">
        {marks.map((name) => (
          <label class="mark">
            <input {...{ type: 'checkbox', name: `${name}-${index}`, checked: model[name] }} /> {t[name]}
          </label>
        ))}
      </div>
    </fieldset>
  );
};
