import { COPY, type Copy, type Language } from './copy/index.ts';
import { FORMATS, type Format } from './format.ts';
import type { PageId, Role } from './pages.ts';

/** Where the files of every page are; their names change with their content. */
export interface AssetUrls {
  style: string;
  /** htmx, for pages that somebody signed in sees. */
  htmx: string;
  /** Our own small scripts. */
  script: string;
  /** Chart.js and what draws with it, for pages with charts. */
  charts: string;
  icon: string;
}

export const THEMES = ['system', 'light', 'dark'] as const;

export type Theme = (typeof THEMES)[number];

/** What everything that is drawn needs to know; nothing of who looks at it, so it can be drawn once for many. */
export interface PlainFrame {
  language: Language;
  t: Copy;
  format: Format;
  now: number;
}

/** What a whole document needs besides. */
export interface DoorFrame extends PlainFrame {
  assets: AssetUrls;
  /** The path under which a proxy has put us; empty for none. */
  basePath: string;
  /** The address of this page without the slash in front, query included: for links within it, and to come back to it. */
  path: string;
  theme: Theme;
}

/** Who looks at a page. */
export interface Viewer {
  name: string;
  role: Role;
  formToken: string;
}

/** What a page of the dashboard is given besides its own subject. */
export interface Frame extends DoorFrame {
  /** The page of the navigation this one is or belongs to; null for none. */
  page: PageId | null;
  viewer: Viewer;
  /** What the form before has done; said once. */
  notice: string | null;
}

export function plainFrame(language: Language, now: number): PlainFrame {
  return { language, t: COPY[language], format: FORMATS[language], now };
}
