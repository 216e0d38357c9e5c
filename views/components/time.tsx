import type { PlainFrame } from '../frame.ts';

/** How long ago, or when it is longer than a day; the exact time is in the title. In milliseconds since 1970. */
export const Time = ({ frame, at }: { frame: PlainFrame; at: number }) => (
  <time datetime={new Date(at).toISOString()} title={frame.format.dateTime(at)}>
    {frame.format.ago(at, frame.now)}
  </time>
);
