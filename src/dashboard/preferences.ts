import { Elysia } from 'elysia';
import { isLanguage } from '../../views/copy/index.ts';
import { isSameOrigin } from '../accounts/index.ts';
import { attempt, field, readForm } from './form.ts';
import { crossOriginPage, refusalPage } from './guard.tsx';
import type { DashboardOptions } from './options.ts';
import { redirect } from './reply.ts';
import { LANGUAGE_COOKIE, THEME_COOKIE, themeOf, visitOf } from './visit.ts';

const YEAR_SECONDS = 365 * 86_400;

/** Pages of ours with a query, and nothing a browser would read as another site. */
const OUR_PAGE = /^(?:dashboard|sign-in|setup)(?:\/[\w/.-]*)?(?:\?[\x21-\x7e]*)?$/;

/** The switches of language and theme, kept in the browser: they work before anybody is signed in. */
export const preferenceRoutes = (options: DashboardOptions) =>
  new Elysia().post(
    '/preferences',
    async ({ request, server }) => {
      const visit = visitOf(request, options);
      const client = options.clientOf(request, server);
      if (!isSameOrigin(request, client)) return crossOriginPage(visit);
      const form = await attempt(readForm(request));
      if (form.refusal) return refusalPage(visit, visit.t.doors.notUnderstood, form.refusal);

      const back = field(form.value, 'back');
      const answer = redirect(visit, OUR_PAGE.test(back) ? back : 'dashboard');
      const [language, theme] = [field(form.value, 'language'), field(form.value, 'theme')];
      const save = (name: string, value: string) => answer.headers.append('set-cookie', cookie(name, value));
      const cookie = (name: string, value: string) =>
        new Bun.Cookie(name, value, {
          ...{ httpOnly: true, sameSite: 'lax', path: visit.basePath || '/', maxAge: YEAR_SECONDS },
          secure: client.isEncrypted,
        }).serialize();
      if (isLanguage(language)) save(LANGUAGE_COOKIE, language);
      if (theme === themeOf(theme)) save(THEME_COOKIE, theme);
      return answer;
    },
    { parse: 'none' },
  );
