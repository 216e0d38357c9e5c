import { ErrorNote, Field, type FormError } from '../components/form.tsx';
import { type AssetUrls, Doorway } from '../layout.tsx';

/** Without an admin: `waiting` for somebody with the link, a `form` for them, or a link that is used up. */
export type SetupState =
  | { type: 'waiting' }
  | { type: 'unusable-link' }
  | { type: 'form'; token: string; email: string; name: string; error: FormError | null };

export const SetupPage = ({ assets, state }: { assets: AssetUrls; state: SetupState }) => (
  <Doorway title={state.type === 'form' ? 'Set up your gateway' : 'Almost there'} assets={assets}>
    <SetupContent state={state} />
  </Doorway>
);

const SetupContent = ({ state }: { state: SetupState }) => {
  switch (state.type) {
    case 'waiting':
      return (
        <>
          <p>This gateway is running and has no admin yet.</p>
          <p class="muted">
            Open the setup link that it printed when it started. Lost it? Restart the gateway: it prints a new one until
            somebody has used it.
          </p>
        </>
      );
    case 'unusable-link':
      return (
        <>
          <p>This setup link is not valid any more.</p>
          <p class="muted">
            It was replaced by a newer one or is older than a day. Restart the gateway: it prints a new one until
            somebody has used it.
          </p>
        </>
      );
    case 'form':
      return <SetupForm {...state} />;
  }
};

const SetupForm = ({ token, email, name, error }: Extract<SetupState, { type: 'form' }>) => (
  <>
    <p class="muted">You become its first admin. This link works once.</p>
    <ErrorNote error={error} />
    <form method="post" action="/setup" class="stack">
      <input type="hidden" name="token" value={token} />
      <Field
        {...{ label: 'E-mail', name: 'email', type: 'email', value: email, error }}
        autocomplete="username"
        maxlength={254}
        required
        autofocus
      />
      <Field
        {...{ label: 'Name', name: 'name', value: name, error }}
        autocomplete="name"
        maxlength={100}
        hint="How others see you here. Optional."
      />
      <Field
        {...{ label: 'Password', name: 'password', type: 'password', error }}
        autocomplete="new-password"
        minlength={12}
        maxlength={256}
        required
        hint="At least 12 characters; a few words in a row are good."
      />
      <button type="submit" class="primary">
        Create the admin
      </button>
    </form>
  </>
);
