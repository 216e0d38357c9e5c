import { ErrorNote, Field, type FormError } from '../components/form.tsx';
import { type AssetUrls, Doorway } from '../layout.tsx';

interface SignInProps {
  assets: AssetUrls;
  email: string;
  error: FormError | null;
}

export const SignInPage = ({ assets, email, error }: SignInProps) => (
  <Doorway title="Sign in" assets={assets}>
    <ErrorNote error={error} />
    <form method="post" action="/sign-in" class="stack">
      <Field
        {...{ label: 'E-mail', name: 'email', type: 'email', value: email, error }}
        autocomplete="username"
        maxlength={254}
        required
        autofocus={email === ''}
      />
      <Field
        {...{ label: 'Password', name: 'password', type: 'password', error }}
        autocomplete="current-password"
        maxlength={256}
        required
        autofocus={email !== ''}
      />
      <button type="submit" class="primary">
        Sign in
      </button>
    </form>
  </Doorway>
);
