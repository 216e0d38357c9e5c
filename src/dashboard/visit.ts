import { isLanguage, LANGUAGES, type Language } from '../../views/copy/index.ts';
import { type DoorFrame, plainFrame, THEMES, type Theme } from '../../views/frame.ts';
import { ASSET_URLS } from './assets.ts';
import type { DashboardOptions } from './options.ts';

export const LANGUAGE_COOKIE = 'gateway_language';
export const THEME_COOKIE = 'gateway_theme';

/** What a page and its answer are made of, whoever asks. */
export interface Visit extends DoorFrame {
  /** htmx asks, not the browser itself. */
  isHtmx: boolean;
}

/** Reads from a request how its page should look: the language, the theme, where it is. */
export function visitOf(request: Request, { config, now }: Pick<DashboardOptions, 'config' | 'now'>): Visit {
  const cookies = new Bun.CookieMap(request.headers.get('cookie') ?? '');
  const url = new URL(request.url);
  return {
    ...plainFrame(languageOf(cookies.get(LANGUAGE_COOKIE), request.headers.get('accept-language')), now()),
    assets: ASSET_URLS,
    basePath: config.basePath,
    path: (url.pathname + url.search).replace(/^\/+/, ''),
    theme: themeOf(cookies.get(THEME_COOKIE)),
    isHtmx: request.headers.get('hx-request') === 'true',
  };
}

/** The one that was chosen, else the one the browser likes best of ours, else English. */
export function languageOf(chosen: string | null, accepted: string | null): Language {
  if (isLanguage(chosen)) return chosen;
  const wishes = (accepted ?? '').split(',').map(readWish);
  const best = wishes.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight);
  const liked = best.map(({ language }) => LANGUAGES.find((ours) => ours === language)).find((found) => found);
  return liked ?? 'en';
}

/** `es-MX;q=0.8` is Spanish at 0.8. */
function readWish(text: string): { language: string; weight: number } {
  const [range = '', ...parameters] = text.trim().split(';');
  const quality = parameters.find((one) => one.trim().startsWith('q='))?.trim();
  const weight = quality === undefined ? 1 : Number(quality.slice(2));
  return { language: range.split('-')[0]?.toLowerCase() ?? '', weight: Number.isFinite(weight) ? weight : 0 };
}

export function themeOf(chosen: string | null): Theme {
  return THEMES.find((theme) => theme === chosen) ?? 'system';
}
