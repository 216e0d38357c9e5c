import type { Child } from '../jsx/jsx-runtime.ts';

interface PageHeadProps {
  title: string;
  lead?: string | undefined;
  /** Buttons and links that belong to the whole page. */
  children?: Child;
}

export const PageHead = ({ title, lead, children }: PageHeadProps) => (
  <div class="page-head">
    <div class="page-title">
      <h1>{title}</h1>
      {lead && <p class="muted">{lead}</p>}
    </div>
    {children !== undefined && <div class="actions">{children}</div>}
  </div>
);

interface TabsProps {
  label: string;
  tabs: readonly { label: string; href: string; isCurrent: boolean }[];
}

/** Views of the same thing, each with an address of its own; addresses without a slash in front. */
export const Tabs = ({ label, tabs }: TabsProps) => (
  <nav class="segments" aria-label={label}>
    {tabs.map((tab) => (
      <a href={tab.href} aria-current={tab.isCurrent ? 'page' : undefined}>
        {tab.label}
      </a>
    ))}
  </nav>
);

interface DetailsProps {
  summary: string;
  isOpen?: boolean | undefined;
  children: Child;
}

/** What not everybody wants to see, folded away. */
export const Details = ({ summary, isOpen = false, children }: DetailsProps) => (
  <details class="fold" open={isOpen}>
    <summary>{summary}</summary>
    <div class="fold-body">{children}</div>
  </details>
);
