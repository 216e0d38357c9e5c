import type { Child } from '../jsx/jsx-runtime.ts';

/** A refusal as a form shows it: the sentence above, and the field it is about marked. */
export interface FormError {
  message: string;
  field?: string | undefined;
}

interface FieldProps {
  label: string;
  name: string;
  type?: 'text' | 'email' | 'password' | 'number' | undefined;
  value?: string | undefined;
  hint?: string | undefined;
  error?: FormError | null | undefined;
  autocomplete?: string | undefined;
  placeholder?: string | undefined;
  required?: boolean | undefined;
  minlength?: number | undefined;
  maxlength?: number | undefined;
  min?: number | undefined;
  inputmode?: string | undefined;
  /** For a first field, where the page is nothing but its form. */
  autofocus?: boolean | undefined;
}

export const Field = ({ label, name, hint, error, type = 'text', ...input }: FieldProps) => (
  <div class="field">
    <label for={`field-${name}`}>{label}</label>
    <input
      id={`field-${name}`}
      name={name}
      type={type}
      aria-invalid={error?.field === name ? 'true' : undefined}
      aria-describedby={hint ? `hint-${name}` : undefined}
      {...input}
    />
    {hint && (
      <p class="hint" id={`hint-${name}`}>
        {hint}
      </p>
    )}
  </div>
);

interface SelectProps {
  label: string;
  name: string;
  options: readonly { value: string; label: string }[];
  value?: string | undefined;
  hint?: string | undefined;
}

export const Select = ({ label, name, options, value, hint }: SelectProps) => (
  <div class="field">
    <label for={`field-${name}`}>{label}</label>
    <select id={`field-${name}`} name={name} aria-describedby={hint ? `hint-${name}` : undefined}>
      {options.map((option) => (
        <option value={option.value} selected={option.value === value}>
          {option.label}
        </option>
      ))}
    </select>
    {hint && (
      <p class="hint" id={`hint-${name}`}>
        {hint}
      </p>
    )}
  </div>
);

/** Proves that the form came from our page of this session. Every form of a person who is signed in has one. */
export const FormToken = ({ value }: { value: string }) => <input type="hidden" name="form-token" value={value} />;

export const ErrorNote = ({ error }: { error: FormError | null }) =>
  error && (
    <p class="note danger" role="alert">
      {error.message}
    </p>
  );

interface ConfirmProps {
  action: string;
  formToken: string;
  /** What the button does, and to what: `Revoke`, `app`. */
  verb: string;
  subject: string;
  children: Child;
}

/** A button that asks first, without a script: the first press opens the question, the second answers it. */
export const Confirm = ({ action, formToken, verb, subject, children }: ConfirmProps) => (
  <details class="confirm">
    <summary class="button quiet" aria-label={`${verb} ${subject}`}>
      {verb}
    </summary>
    <form method="post" action={action} class="confirm-box">
      <FormToken value={formToken} />
      <p>{children}</p>
      <button type="submit" class="danger">
        {verb} “{subject}”
      </button>
    </form>
  </details>
);
