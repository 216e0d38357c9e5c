import type { DoorFrame } from './frame.ts';
import { type Child, type Raw, raw } from './jsx/jsx-runtime.ts';

interface DocumentProps {
  frame: DoorFrame;
  title: string;
  scripts: readonly string[];
  /** What every request of htmx sends along. */
  formToken?: string | undefined;
  class: string;
  children: Child;
}

/** The whole of a page. Every address in it is relative to `base`, which is where a proxy may have put us. */
export const Document = ({ frame, title, scripts, formToken, children, ...body }: DocumentProps): Raw => (
  <>
    {raw('<!doctype html>')}
    <html lang={frame.language} data-theme={frame.theme}>
      <head>
        <meta charset="utf-8" />
        <base href={`${frame.basePath}/`} />
        <title>{title} · LLM Gateway</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content={frame.theme === 'system' ? 'light dark' : frame.theme} />
        <meta name="robots" content="noindex" />
        <link rel="icon" type="image/svg+xml" href={frame.assets.icon} />
        <link rel="stylesheet" href={frame.assets.style} />
        {scripts.map((src) => (
          <script src={src} defer={true} />
        ))}
      </head>
      <body
        class={body.class}
        hx-headers:inherited={formToken === undefined ? undefined : JSON.stringify({ 'form-token': formToken })}
      >
        {children}
      </body>
    </html>
  </>
);

/** Many ways in, one way out. */
export const Mark = () => (
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
