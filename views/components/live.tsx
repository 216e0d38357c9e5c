import type { Child } from '../jsx/jsx-runtime.ts';

/**
 * A part of a page that moves while somebody looks: the server sends it again whenever it has changed. `topic` is one of those
 * in `src/dashboard/live-topics.tsx`. Without a script it stands as it was.
 */
export const Live = ({ topic, children }: { topic: string; children: Child }) => (
  <div class="live" {...{ 'hx-sse:connect': `dashboard/live?topic=${topic}`, 'hx-swap': 'innerMorph' }}>
    {children}
  </div>
);
