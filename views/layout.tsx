import { FormToken } from './components/form.tsx';
import { Icon } from './components/icon.tsx';
import { Notice } from './components/notice.tsx';
import { Document, Mark } from './document.tsx';
import type { DoorFrame, Frame } from './frame.ts';
import type { Child } from './jsx/jsx-runtime.ts';
import { PAGES, type PageGroup, pagesFor } from './pages.ts';
import { Preferences } from './preferences.tsx';

export type { AssetUrls, DoorFrame, Frame, PlainFrame } from './frame.ts';

interface PageProps {
  title: string;
  frame: Frame;
  /** The page draws charts: it loads what they need. */
  hasCharts?: boolean | undefined;
  children: Child;
}

/** A page of the dashboard, for somebody who is signed in. */
export const Page = ({ title, frame, hasCharts = false, children }: PageProps) => (
  <Document
    frame={frame}
    title={title}
    scripts={[frame.assets.htmx, frame.assets.script, ...(hasCharts ? [frame.assets.charts] : [])]}
    formToken={frame.viewer.formToken}
    class="app"
  >
    <a class="skip" href={`${frame.path}#content`}>
      {frame.t.frame.skip}
    </a>
    <header class="bar">
      <button type="button" class="quiet icon-button" popovertarget="navigation" aria-label={frame.t.frame.menu}>
        <Icon name="menu" />
      </button>
      <Brand />
    </header>
    <nav class="side" id="navigation" popover="auto" aria-label={frame.t.frame.pages}>
      <Brand />
      <Navigation frame={frame} />
      <AccountMenu frame={frame} />
    </nav>
    <main id="content" tabindex="-1">
      {frame.notice !== null && <Notice>{frame.notice}</Notice>}
      {children}
    </main>
  </Document>
);

const Brand = () => (
  <a class="brand" href={PAGES.overview.path}>
    <Mark />
    <span>LLM Gateway</span>
  </a>
);

const GROUPS: readonly PageGroup[] = ['watch', 'use', 'models', 'admin'];

const Navigation = ({ frame }: { frame: Frame }) => {
  const pages = pagesFor(frame.viewer.role);
  const { groups, navigation } = frame.t.frame;
  return (
    <div class="pages">
      {GROUPS.map((group) => {
        const inGroup = pages.filter((page) => page.group === group);
        return (
          inGroup.length > 0 && (
            <>
              <p class="group" id={`group-${group}`}>
                {groups[group]}
              </p>
              <ul aria-labelledby={`group-${group}`}>
                {inGroup.map(({ id, path, key }) => (
                  <li>
                    <a href={path} data-key={key} aria-current={id === frame.page ? 'page' : undefined}>
                      <Icon name={id} />
                      {navigation[id]}
                    </a>
                  </li>
                ))}
              </ul>
            </>
          )
        );
      })}
    </div>
  );
};

const AccountMenu = ({ frame }: { frame: Frame }) => (
  <div class="account">
    <button type="button" class="account-button" popovertarget="account">
      <span class="unseen">{frame.t.frame.account}</span>
      <span class="avatar" aria-hidden="true">
        {Array.from(frame.viewer.name)[0]?.toUpperCase() ?? '?'}
      </span>
      <span class="who">
        <span class="name">{frame.viewer.name}</span>
        <span class="muted">{frame.t.frame.roles[frame.viewer.role]}</span>
      </span>
    </button>
    <div class="menu" id="account" popover="auto">
      <Preferences frame={frame} />
      <a class="button wide-button" href="dashboard/account">
        {frame.t.people.account}
      </a>
      <form method="post" action="sign-out">
        <FormToken value={frame.viewer.formToken} />
        <button type="submit" class="wide-button">
          {frame.t.frame.signOut}
        </button>
      </form>
    </div>
  </div>
);

/** A page of its own in the middle of the screen, for somebody who is not signed in. */
export const Doorway = ({ title, frame, children }: { title: string; frame: DoorFrame; children: Child }) => (
  <Document frame={frame} title={title} scripts={[frame.assets.script]} class="door">
    <main class="doorway">
      <p class="brand">
        <Mark />
        <span>LLM Gateway</span>
      </p>
      <div class="panel">
        <h1>{title}</h1>
        {children}
      </div>
      <Preferences frame={frame} />
    </main>
  </Document>
);
