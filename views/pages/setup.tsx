import { ErrorNote, Field, type FormError } from '../components/form.tsx';
import { type DoorFrame, Doorway } from '../layout.tsx';

/** Without an admin: `waiting` for somebody with the link, a `form` for them, or a link that is used up. */
export type SetupState =
  | { type: 'waiting' }
  | { type: 'unusable-link' }
  | { type: 'form'; token: string; email: string; name: string; error: FormError | null };

interface SetupProps {
  frame: DoorFrame;
  state: SetupState;
}

export const SetupPage = ({ frame, state }: SetupProps) => (
  <Doorway title={state.type === 'form' ? frame.t.doors.setUp : frame.t.doors.almostThere} frame={frame}>
    <SetupContent frame={frame} state={state} />
  </Doorway>
);

const SetupContent = ({ frame, state }: SetupProps) => {
  const t = frame.t.doors;
  switch (state.type) {
    case 'waiting':
      return (
        <>
          <p>{t.noAdmin}</p>
          <p class="muted">{t.openLink}</p>
        </>
      );
    case 'unusable-link':
      return (
        <>
          <p>{t.linkInvalid}</p>
          <p class="muted">{t.linkOld}</p>
        </>
      );
    case 'form':
      return <SetupForm frame={frame} {...state} />;
  }
};

type SetupFormProps = Extract<SetupState, { type: 'form' }> & { frame: DoorFrame };

const SetupForm = ({ frame, token, email, name, error }: SetupFormProps) => {
  const t = frame.t.doors;
  return (
    <>
      <p class="muted">{t.firstAdmin}</p>
      <ErrorNote error={error} shown={['email', 'name', 'password']} />
      <form method="post" action="setup" class="stack">
        <input type="hidden" name="token" value={token} />
        <Field
          {...{ label: t.email, name: 'email', type: 'email', value: email, error }}
          autocomplete="username"
          maxlength={254}
          required
          autofocus
        />
        <Field
          {...{ label: t.name, name: 'name', value: name, error }}
          autocomplete="name"
          maxlength={100}
          hint={t.nameHint}
        />
        <Field
          {...{ label: t.password, name: 'password', type: 'password', error }}
          autocomplete="new-password"
          minlength={12}
          maxlength={256}
          required
          hint={t.passwordHint}
        />
        <button type="submit" class="primary">
          {t.createAdmin}
        </button>
      </form>
    </>
  );
};
