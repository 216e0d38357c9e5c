import { ErrorNote, Field, type FormError } from '../components/form.tsx';
import { type DoorFrame, Doorway } from '../layout.tsx';

interface SignInProps {
  frame: DoorFrame;
  email: string;
  error: FormError | null;
}

export const SignInPage = ({ frame, email, error }: SignInProps) => (
  <Doorway title={frame.t.doors.signIn} frame={frame}>
    <ErrorNote error={error} />
    <form method="post" action="sign-in" class="stack">
      <Field
        {...{ label: frame.t.doors.email, name: 'email', type: 'email', value: email, error }}
        autocomplete="username"
        maxlength={254}
        required
        autofocus={email === ''}
      />
      <Field
        {...{ label: frame.t.doors.password, name: 'password', type: 'password', error }}
        autocomplete="current-password"
        maxlength={256}
        required
        autofocus={email !== ''}
      />
      <button type="submit" class="primary">
        {frame.t.doors.signIn}
      </button>
    </form>
  </Doorway>
);
