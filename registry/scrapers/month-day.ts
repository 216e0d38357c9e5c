const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/** A day as pages write it, `August 31, 2026`; null for what is no day. */
export function readMonthDay(text: string): string | null {
  const match = /^([a-z]+)\.? (\d{1,2}),? (\d{4})$/i.exec(text.trim());
  if (!match) return null;
  const [, name = '', day = '', year = ''] = match;
  const month = MONTHS.findIndex((full) => full === name.toLowerCase() || full.slice(0, 3) === name.toLowerCase());
  if (month === -1) return null;
  const date = new Date(Date.UTC(Number(year), month, Number(day)));
  return date.getUTCMonth() === month ? date.toISOString().slice(0, 10) : null;
}

/** The day after. */
export function nextDay(day: string): string {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
}
