import type { Child } from '../jsx/jsx-runtime.ts';

interface NoticeProps {
  kind?: 'info' | 'good' | 'warn' | 'danger' | undefined;
  children: Child;
}

/** A sentence that stands out: what has just been done (`good`), or what to know about the page. */
export const Notice = ({ kind = 'good', children }: NoticeProps) => (
  <p class={['note', kind]} role={kind === 'danger' ? 'alert' : 'status'}>
    {children}
  </p>
);
