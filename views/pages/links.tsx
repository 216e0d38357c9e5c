import { ErrorNote, Field, type FormError } from '../components/form.tsx';
import { type DoorFrame, Doorway } from '../layout.tsx';
import type { Role } from '../pages.ts';

interface JoinProps {
  frame: DoorFrame;
  token: string;
  role: Role;
  /** The only address the invitation is good for; null = any. */
  fixedEmail: string | null;
  email: string;
  name: string;
  error: FormError | null;
}

/** Where an invitation leads. */
export const JoinPage = ({ frame, token, role, fixedEmail, email, name, error }: JoinProps) => {
  const [t, doors] = [frame.t.people, frame.t.doors];
  const emailError = error?.field === 'taken' ? { ...error, field: 'email' } : error;
  return (
    <Doorway title={t.join} frame={frame}>
      <p class="muted">{t.joinLead(frame.t.frame.roles[role])}</p>
      <ErrorNote error={emailError} shown={['email', 'name', 'password']} />
      <form method="post" action="invite" class="stack">
        <input type="hidden" name="token" value={token} />
        {fixedEmail === null ? (
          <Field
            {...{ label: doors.email, name: 'email', type: 'email', value: email, error: emailError }}
            {...{ autocomplete: 'username', maxlength: 254 }}
            required
            autofocus
          />
        ) : (
          <p>
            {doors.email}: <strong>{fixedEmail}</strong>
            <input type="hidden" name="email" autocomplete="username" value={fixedEmail} />
          </p>
        )}
        <Field
          {...{ label: doors.name, name: 'name', value: name, error, autocomplete: 'name', maxlength: 100 }}
          hint={doors.nameHint}
        />
        <NewPasswordField frame={frame} error={error} />
        <button type="submit" class="primary">
          {t.joinButton}
        </button>
      </form>
    </Doorway>
  );
};

interface ResetProps {
  frame: DoorFrame;
  token: string;
  email: string;
  error: FormError | null;
}

/** Where a link for a new password leads. */
export const ResetPage = ({ frame, token, email, error }: ResetProps) => {
  const t = frame.t.people;
  return (
    <Doorway title={t.newPassword} frame={frame}>
      <p class="muted">{t.newPasswordFor(email)}</p>
      <ErrorNote error={error} shown={['password']} />
      <form method="post" action="reset" class="stack">
        <input type="hidden" name="token" value={token} />
        <input type="hidden" name="username" autocomplete="username" value={email} />
        <NewPasswordField frame={frame} error={error} />
        <button type="submit" class="primary">
          {t.setPassword}
        </button>
      </form>
    </Doorway>
  );
};

export const UnusableLinkPage = ({ frame }: { frame: DoorFrame }) => (
  <Doorway title={frame.t.doors.almostThere} frame={frame}>
    <p>{frame.t.people.linkInvalid}</p>
    <p class="muted">{frame.t.people.linkInvalidHint}</p>
  </Doorway>
);

const NewPasswordField = ({ frame, error }: { frame: DoorFrame; error: FormError | null }) => (
  <Field
    {...{ label: frame.t.doors.password, name: 'password', type: 'password', error }}
    {...{ autocomplete: 'new-password', minlength: 12, maxlength: 256, hint: frame.t.doors.passwordHint }}
    required
  />
);
