import type { Language } from './copy/index.ts';

const NANO = 1_000_000_000;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export type Format = ReturnType<typeof createFormat>;

/** How a language writes numbers, money and times. Made once: what it is made of takes longer to make than a page. */
export function createFormat(language: Language) {
  // The day before the month, as in Spanish, and no am and pm.
  const locale = language === 'en' ? 'en-GB' : 'es';
  const numbers = language === 'en' ? 'en-US' : 'es';
  const number = (options: Intl.NumberFormatOptions) =>
    new Intl.NumberFormat(numbers, { useGrouping: 'always', ...options });
  const dollars = { style: 'currency', currency: 'USD' } as const;
  const large = number(dollars);
  const small = number({ ...dollars, minimumSignificantDigits: 2, maximumSignificantDigits: 3 });
  const whole = number({ maximumFractionDigits: 0 });
  const short = number({ notation: 'compact', maximumFractionDigits: 1 });
  const tenths = number({ style: 'percent', maximumFractionDigits: 1 });
  const digits = number({ maximumSignificantDigits: 3 });
  const hundredths = number({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const tenthAtMost = number({ maximumFractionDigits: 1 });
  const factors = number({ maximumSignificantDigits: 3 });
  const tenth = number({ minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const units = { kB: 'kilobyte', MB: 'megabyte', GB: 'gigabyte', byte: 'byte' } as const;
  const sizes = Object.values(units).map((unit) => number({ style: 'unit', unit, maximumFractionDigits: 1 }));
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  const monthDay = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' });
  const relative = new Intl.RelativeTimeFormat(numbers, { style: 'narrow', numeric: 'always' });
  const now = new Intl.RelativeTimeFormat(numbers, { style: 'narrow', numeric: 'auto' }).format(0, 'second');

  /** Nano-dollars: cents from a dollar on, three significant digits below, because one answer can cost $0.0000123. */
  function money(nanoUsd: number): string {
    // From here on three digits would round to a dollar, which is written with its cents.
    const isSmall = nanoUsd !== 0 && Math.abs(nanoUsd) < 0.9995 * NANO;
    return (isSmall ? small : large).format(nanoUsd / NANO);
  }

  /** Of a whole that may be empty, which has no share: a dash. */
  function share(part: number, all: number): string {
    return all === 0 ? '–' : tenths.format(part / all);
  }

  function duration(ms: number): string {
    if (ms < SECOND) return `${Math.round(ms)} ms`;
    if (ms < MINUTE) return `${(ms < 10 * SECOND ? hundredths : tenth).format(ms / SECOND)} s`;
    const seconds = Math.round(ms / SECOND);
    if (ms < HOUR) return joined(`${Math.floor(seconds / 60)} min`, seconds % 60, 's');
    const minutes = Math.round(ms / MINUTE);
    if (ms < DAY) return joined(`${Math.floor(minutes / 60)} h`, minutes % 60, 'min');
    return joined(`${Math.floor(minutes / 1440)} d`, Math.floor((minutes % 1440) / 60), 'h');
  }

  /** What is whole is not followed by nothing: 30 min, 1 min 5 s. */
  function joined(first: string, rest: number, unit: string): string {
    return rest === 0 ? first : `${first} ${rest} ${unit}`;
  }

  /** How long ago, or when it is longer than a day; what is to come is told by its day. */
  function ago(at: number, atNow: number): string {
    const age = atNow - at;
    if (age < -SECOND || age >= DAY) return day.format(at);
    if (age < SECOND) return now;
    if (age < MINUTE) return relative.format(-Math.floor(age / SECOND), 'second');
    if (age < HOUR) return relative.format(-Math.floor(age / MINUTE), 'minute');
    return relative.format(-Math.floor(age / HOUR), 'hour');
  }

  function bytes(count: number): string {
    const steps = [1e3, 1e6, 1e9, 1] as const;
    const index = count < 1e3 ? 3 : count < 1e6 ? 0 : count < 1e9 ? 1 : 2;
    return sizes[index]?.format(count / steps[index]) ?? '';
  }

  return {
    language,
    money,
    share,
    duration,
    ago,
    bytes,
    /** 3.5 */
    decimal: (value: number) => tenthAtMost.format(value),
    /** 1.125 */
    factor: (value: number) => factors.format(value),
    /** 12,483 */
    count: (value: number) => whole.format(value),
    /** 5.1 */
    tenth: (value: number) => tenth.format(value),
    /** 12.3M */
    compact: (value: number) => short.format(value),
    /** How many times as much, in three digits: × 1.25 */
    ratio: (value: number) => `× ${digits.format(value)}`,
    /** Of a fraction: 0.231 is 23.1%. */
    percent: (fraction: number) => tenths.format(fraction),
    /** A day in UTC. */
    date: (at: number) => day.format(at),
    /** A day in UTC without its year, for axes. */
    dayOfMonth: (at: number) => monthDay.format(at),
    /** To the second, in UTC. */
    dateTime: (at: number) => `${moment.format(at)} UTC`,
  };
}

export const FORMATS: Record<Language, Format> = { en: createFormat('en'), es: createFormat('es') };
