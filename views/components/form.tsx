import type { Frame, PlainFrame } from '../frame.ts';
import type { Child } from '../jsx/jsx-runtime.ts';
import { DialogButton } from './dialog.tsx';

/** A refusal as a form shows it: the sentence, and the field it is about. */
export interface FormError {
  message: string;
  field?: string | undefined;
}

interface Common {
  label: string;
  name: string;
  hint?: string | undefined;
  error?: FormError | null | undefined;
}

interface FieldProps extends Common {
  type?: 'text' | 'email' | 'password' | 'number' | 'search' | 'date' | 'datetime-local' | 'url' | undefined;
  value?: string | undefined;
  autocomplete?: string | undefined;
  placeholder?: string | undefined;
  required?: boolean | undefined;
  minlength?: number | undefined;
  maxlength?: number | undefined;
  min?: number | undefined;
  step?: string | undefined;
  inputmode?: 'decimal' | 'numeric' | undefined;
  /** For a first field, where the page is nothing but its form. */
  autofocus?: boolean | undefined;
}

export const Field = ({ label, name, hint, error, type = 'text', ...input }: FieldProps) => (
  <FieldFrame {...{ label, name, hint, error }}>
    <input id={`field-${name}`} name={name} type={type} {...described({ name, hint, error })} {...input} />
  </FieldFrame>
);

interface SelectProps extends Common {
  options: readonly { value: string; label: string }[];
  value?: string | undefined;
}

export const Select = ({ label, name, options, value, hint, error }: SelectProps) => (
  <FieldFrame {...{ label, name, hint, error }}>
    <select id={`field-${name}`} name={name} {...described({ name, hint, error })}>
      {options.map((option) => (
        <option value={option.value} selected={option.value === value}>
          {option.label}
        </option>
      ))}
    </select>
  </FieldFrame>
);

interface TextAreaProps extends Common {
  value?: string | undefined;
  rows?: string | undefined;
  placeholder?: string | undefined;
  required?: boolean | undefined;
  maxlength?: number | undefined;
}

export const TextArea = ({ label, name, hint, error, value, ...area }: TextAreaProps) => (
  <FieldFrame {...{ label, name, hint, error }}>
    <textarea id={`field-${name}`} name={name} {...described({ name, hint, error })} {...area}>
      {value}
    </textarea>
  </FieldFrame>
);

interface CheckboxProps extends Common {
  value?: string | undefined;
  checked?: boolean | undefined;
}

export const Checkbox = ({ label, name, hint, error, value = 'on', checked }: CheckboxProps) => {
  const id = `field-${name}-${value}`;
  return (
    <div class="checkbox">
      <input {...{ id, name, value, checked, type: 'checkbox' }} {...described({ name, hint, error })} />
      <label for={id}>{label}</label>
      <FieldNotes {...{ name, hint, error }} />
    </div>
  );
};

/** Dollars as a person types them. */
export const MoneyField = (props: Omit<FieldProps, 'type' | 'inputmode'>) => (
  <FieldFrame {...{ label: props.label, name: props.name, hint: props.hint, error: props.error }}>
    <span class="money-field">
      <span aria-hidden="true">$</span>
      <input
        {...{ id: `field-${props.name}`, name: props.name, value: props.value, placeholder: props.placeholder }}
        {...{ required: props.required, type: 'text', inputmode: 'decimal', autocomplete: 'off' }}
        {...described(props)}
      />
    </span>
  </FieldFrame>
);

const FieldFrame = ({ label, name, hint, error, children }: Common & { children: Child }) => (
  <div class="field">
    <label for={`field-${name}`}>{label}</label>
    {children}
    <FieldNotes {...{ name, hint, error }} />
  </div>
);

const FieldNotes = ({ name, hint, error }: Pick<Common, 'name' | 'hint' | 'error'>) => (
  <>
    {error?.field === name && (
      <p class="field-error" id={`error-${name}`}>
        {error.message}
      </p>
    )}
    {hint && (
      <p class="hint" id={`hint-${name}`}>
        {hint}
      </p>
    )}
  </>
);

function described({ name, hint, error }: Pick<Common, 'name' | 'hint' | 'error'>) {
  const isWrong = error?.field === name;
  const notes = [isWrong && `error-${name}`, hint && `hint-${name}`].filter(Boolean).join(' ');
  return { 'aria-invalid': isWrong ? 'true' : undefined, 'aria-describedby': notes === '' ? undefined : notes };
}

/** Proves that the form came from our page of this session. Every form of a person who is signed in has one. */
export const FormToken = ({ value }: { value: string }) => <input type="hidden" name="form-token" value={value} />;

/** The refusal above a form; when it is about one of the `shown` fields, it stands there instead. */
export const ErrorNote = ({ error, shown = [] }: { error: FormError | null; shown?: readonly string[] }) =>
  error && !shown.includes(error.field ?? '') ? (
    <p class="note danger" role="alert">
      {error.message}
    </p>
  ) : null;

interface ConfirmProps {
  frame: Frame;
  /** Unique in the page. */
  id: string;
  /** Where it is sent to, without a slash in front. */
  action: string;
  /** What the button does, and to what: `Revoke`, `app`. */
  verb: string;
  subject: string;
  children: Child;
}

/** A button that asks first, in a dialog, and then sends a form. Without scripts it unfolds the same question instead. */
export const ConfirmButton = ({ frame, id, action, verb, subject, children }: ConfirmProps) => {
  const question = frame.t.common.confirm(verb, subject);
  // The focus is on the way out: somebody who presses Enter twice has not answered yet.
  const answer = () => (
    <>
      <p>{children}</p>
      <form method="post" action={action} class="dialog-actions">
        <FormToken value={frame.viewer.formToken} />
        <button type="submit" class="danger">
          {verb}
        </button>
      </form>
    </>
  );
  return (
    <>
      <DialogButton {...{ frame, id, label: verb, title: question }} description={`${verb} ${subject}`}>
        {answer()}
      </DialogButton>
      <noscript>
        <details class="plain-question">
          <summary aria-label={`${verb} ${subject}`}>{verb}</summary>
          <p>
            <strong>{question}</strong>
          </p>
          {answer()}
        </details>
      </noscript>
    </>
  );
};

interface FilterFormProps {
  frame: PlainFrame;
  /** The page it filters, without a slash in front. */
  action: string;
  /** What the htmx request replaces; without it the form loads the page. */
  target?: string | undefined;
  children: Child;
}

/** Fields whose values go into the address (GET), so that a filtered page can be kept and shared. */
export const FilterForm = ({ frame, action, target, children }: FilterFormProps) => (
  <form
    {...{ method: 'get', action, class: 'filters', role: 'search', 'aria-label': frame.t.common.filters }}
    {...(target && {
      ...{ 'hx-get': action, 'hx-target': target, 'hx-select': target, 'hx-swap': 'outerHTML' },
      ...{ 'hx-push-url': 'true', 'hx-trigger': 'input changed delay:300ms, change, submit' },
    })}
  >
    {children}
    <button type="submit">{frame.t.common.apply}</button>
    <a class="button quiet" href={action}>
      {frame.t.common.reset}
    </a>
  </form>
);
