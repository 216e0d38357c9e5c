const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** How long ago, or when it is longer than a day; the exact time is in the title. Both in milliseconds since 1970. */
export const Time = ({ at, now }: { at: number; now: number }) => {
  const iso = new Date(at).toISOString();
  return (
    <time datetime={iso} title={iso.replace('T', ' ').replace(/\..*/, ' UTC')}>
      {formatTime(at, now)}
    </time>
  );
};

export function formatTime(at: number, now: number): string {
  const age = now - at;
  if (age < -SECOND || age >= DAY) return date.format(at);
  if (age < SECOND) return 'now';
  if (age < MINUTE) return `${Math.floor(age / SECOND)} s ago`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min ago`;
  return `${Math.floor(age / HOUR)} h ago`;
}

export function formatDuration(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${(ms / SECOND).toFixed(ms < 10 * SECOND ? 2 : 1)} s`;
  const seconds = Math.round(ms / SECOND);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
