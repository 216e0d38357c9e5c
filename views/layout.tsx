import { FormToken } from './components/form.tsx';
import { type Child, type Raw, raw } from './jsx/jsx-runtime.ts';

/** Where the files of every page are; their names change with their content. */
export interface AssetUrls {
  style: string;
  script: string;
  icon: string;
}

/** Who looks at a page. */
export interface Viewer {
  name: string;
  role: string;
  formToken: string;
}

/** What every page of the dashboard is given besides its own subject. */
export interface Frame {
  assets: AssetUrls;
  viewer: Viewer;
}

const PAGES = [
  { path: '/dashboard', label: 'Overview' },
  { path: '/dashboard/keys', label: 'Keys' },
  { path: '/dashboard/providers', label: 'Providers' },
] as const;

interface DocumentProps {
  title: string;
  assets: AssetUrls;
  refreshSeconds?: number | undefined;
  children: Child;
}

const Document = ({ title, assets, refreshSeconds, children }: DocumentProps): Raw => (
  <>
    {raw('<!doctype html>')}
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{title} · LLM Gateway</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        {refreshSeconds !== undefined && <meta http-equiv="refresh" content={String(refreshSeconds)} />}
        <link rel="icon" type="image/svg+xml" href={assets.icon} />
        <link rel="stylesheet" href={assets.style} />
        <script src={assets.script} defer={true} />
      </head>
      <body>{children}</body>
    </html>
  </>
);

interface PageProps {
  title: string;
  frame: Frame;
  path: (typeof PAGES)[number]['path'];
  refreshSeconds?: number | undefined;
  children: Child;
}

/** A page of the dashboard, for somebody who is signed in. */
export const Page = ({ title, frame, path, refreshSeconds, children }: PageProps) => (
  <Document title={title} assets={frame.assets} refreshSeconds={refreshSeconds}>
    <a class="skip" href="#content">
      Skip to content
    </a>
    <header class="top">
      <a class="brand" href="/dashboard">
        <Mark />
        <span>LLM Gateway</span>
      </a>
      <nav aria-label="Pages">
        {PAGES.map((page) => (
          <a href={page.path} aria-current={page.path === path ? 'page' : undefined}>
            {page.label}
          </a>
        ))}
      </nav>
      <form class="who" method="post" action="/sign-out">
        <FormToken value={frame.viewer.formToken} />
        <span class="muted" title={`Role: ${frame.viewer.role}`}>
          {frame.viewer.name}
        </span>
        <button type="submit" class="quiet">
          Sign out
        </button>
      </form>
    </header>
    <main id="content">{children}</main>
  </Document>
);

/** A page of its own in the middle of the screen, for somebody who is not signed in. */
export const Doorway = ({ title, assets, children }: { title: string; assets: AssetUrls; children: Child }) => (
  <Document title={title} assets={assets}>
    <main class="doorway">
      <p class="brand">
        <Mark />
        <span>LLM Gateway</span>
      </p>
      <div class="panel">
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  </Document>
);

/** Many ways in, one way out. */
const Mark = () => (
  <svg class="mark" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
    <path
      d="M3 4h3c4 0 3 6 7 6h4M3 16h3c4 0 3-6 7-6M3 10h10"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
    />
  </svg>
);
