import { type ChartData, ChartFigure } from '../components/chart.tsx';
import { ConfirmButton, ErrorNote, Field, type FormError, FormToken } from '../components/form.tsx';
import { PageHead } from '../components/page-head.tsx';
import { type Frame, Page } from '../layout.tsx';
import { Preferences } from '../preferences.tsx';

interface AccountProps {
  frame: Frame;
  email: string;
  name: string;
  usage: ChartData;
  error: FormError | null;
}

/** One's own account, for everybody. */
export const AccountPage = ({ frame, email, name, usage, error }: AccountProps) => {
  const t = frame.t.people;
  return (
    <Page title={t.account} frame={frame} hasCharts>
      <PageHead title={t.account} lead={email} />
      <ErrorNote error={error} shown={['name', 'oldPassword', 'password']} />
      <section class="panel">
        <h2>{t.profile}</h2>
        <form method="post" action="dashboard/account/name" class="row">
          <FormToken value={frame.viewer.formToken} />
          <Field
            {...{ label: t.name, name: 'name', value: name, error, autocomplete: 'name', maxlength: 100 }}
            required
          />
          <button type="submit">{t.save}</button>
        </form>
      </section>
      <section class="panel">
        <h2>{t.password}</h2>
        <form method="post" action="dashboard/account/password" class="stack">
          <FormToken value={frame.viewer.formToken} />
          <input type="hidden" name="username" autocomplete="username" value={email} />
          <Field
            {...{ label: t.oldPassword, name: 'oldPassword', type: 'password', error }}
            autocomplete="current-password"
            required
          />
          <Field
            {...{ label: t.newPassword, name: 'password', type: 'password', error, minlength: 12, maxlength: 256 }}
            {...{ autocomplete: 'new-password', hint: frame.t.doors.passwordHint }}
            required
          />
          <div class="row">
            <button type="submit">{t.changePassword}</button>
            <span class="hint">{t.changePasswordHint}</span>
          </div>
        </form>
      </section>
      <section class="panel">
        <h2>{t.sessions}</h2>
        <ConfirmButton
          {...{ frame, id: 'end-sessions', action: 'dashboard/account/sign-out' }}
          {...{ verb: t.endSessions, subject: name }}
        >
          {t.signOutHint} {t.endSessionsHint}
        </ConfirmButton>
      </section>
      <section class="panel">
        <h2>{t.looks}</h2>
        <Preferences frame={frame} />
      </section>
      <ChartFigure {...{ frame, id: 'own-usage', title: t.usage, kind: 'stacked-bar', unit: 'money', data: usage }} />
    </Page>
  );
};
