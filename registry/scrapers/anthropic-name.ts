import { cleanCell } from './money.ts';
import { nextDay, readMonthDay } from './month-day.ts';
import type { ScrapedRow } from './scraper.ts';

/** What the first cell of a price row says. */
export interface NamedModels {
  models: { id: string; name: string }[];
  promptOver: number;
  /** The largest prompt the row is for; of larger ones it says nothing. */
  promptUpTo: number | null;
  from: string | null;
  until: string | null;
  status?: NonNullable<ScrapedRow['status']>;
}

/** Models before the naming scheme. */
const EARLY_IDS: Readonly<Record<string, string>> = {
  'Claude Opus 4.1': 'claude-opus-4-1',
  'Claude Opus 4': 'claude-opus-4-0',
  'Claude Sonnet 4': 'claude-sonnet-4-0',
  'Claude Sonnet 3.7': 'claude-3-7-sonnet-20250219',
  'Claude Haiku 3.5': 'claude-3-5-haiku-20241022',
  'Claude Opus 3': 'claude-3-opus-20240229',
  'Claude Haiku 3': 'claude-3-haiku-20240307',
};

const CONDITIONS: readonly [RegExp, (value: string) => Partial<NamedModels> | null][] = [
  [/^through (.+)$/i, (day) => withDay(day, (found) => ({ until: nextDay(found) }))],
  [/^(?:starting|from|effective) (.+)$/i, (day) => withDay(day, (found) => ({ from: found }))],
  [/^for prompts (?:of )?up to ([\d,]+K?) tokens$/i, (tokens) => ({ promptUpTo: readSize(tokens) })],
  [/^for prompts (?:over|above) ([\d,]+K?) tokens$/i, (tokens) => ({ promptOver: readSize(tokens) })],
  [/^(retired)(?:(?: on| since) .+|, except .+)?$/i, () => ({ status: 'retired' })],
  [/^(deprecated)(?:(?: on|,? retir(?:es|ing)| since) .+)?$/i, () => ({ status: 'deprecated' })],
  [/^(legacy|new)$/i, () => ({})],
  [/^(limited availability)$/i, () => ({ status: 'limited' })],
];

const NAMES = /^Claude [A-Z][a-z]+ \d+(?:\.\d+)?(?: \/ (?:Claude [A-Z][a-z]+ )?\d+(?:\.\d+)?)*/;

/**
 * The models of a cell such as `Claude Opus 5 / Claude Opus 4.8`, `Claude Sonnet 5 <br/> through August 31, 2026` or
 * `Claude Haiku 5.5 (for prompts over 100,000 tokens)`. Null if any of it is not understood: a price under a name half
 * understood would be a guess.
 */
export function readModelCell(cell: string): NamedModels | null {
  const text = plainName(cell);
  const names = NAMES.exec(text)?.[0];
  if (names === undefined) return null;
  const models = readNames(names);
  if (!models) return null;

  const found: NamedModels = { models, promptOver: 0, promptUpTo: null, from: null, until: null };
  for (const condition of splitConditions(text.slice(names.length))) {
    const said = readCondition(condition);
    if (!said) return null;
    Object.assign(found, said);
  }
  return found;
}

/** The models a cell begins with, whatever else it says: who is named there is not missing. */
export function findModels(cell: string): string[] {
  const names = NAMES.exec(plainName(cell))?.[0];
  return names === undefined ? [] : (readNames(names) ?? []).map(({ id }) => id);
}

function plainName(cell: string): string {
  return cleanCell(cell)
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}

function readNames(text: string): NamedModels['models'] | null {
  const models: NamedModels['models'] = [];
  let family = '';
  for (const part of text.split(' / ')) {
    const match = /^(?:Claude ([A-Z][a-z]+) )?(\d+)(?:\.(\d+))?$/.exec(part);
    if (!match) return null;
    family = match[1] ?? family;
    const [, , major = '', minor] = match;
    const name = `Claude ${family} ${major}${minor === undefined ? '' : `.${minor}`}`;
    const id = idOf({ name, family, major, minor });
    if (id === null) return null;
    models.push({ id, name });
  }
  return models;
}

/** https://platform.claude.com/docs/en/about-claude/models/model-ids-and-versions: `claude-{name}-{major}[-{minor}]`. */
function idOf({
  name,
  family,
  major,
  minor,
}: {
  name: string;
  family: string;
  major: string;
  minor: string | undefined;
}) {
  if (Object.hasOwn(EARLY_IDS, name)) return EARLY_IDS[name] ?? null;
  const version = Number(major) * 100 + Number(minor ?? 0);
  if (version < 405) return null;
  return `claude-${family.toLowerCase()}-${major}${minor === undefined ? '' : `-${minor}`}`;
}

/** `(deprecated) through August 31, 2026` is two conditions. */
function splitConditions(rest: string): string[] {
  const inBrackets = [...rest.matchAll(/\(([^()]*)\)/g)].map((match) => match[1] ?? '');
  const outside = rest.replace(/\([^()]*\)/g, ' ').trim();
  return [...inBrackets, outside].map((text) => text.trim()).filter((text) => text !== '');
}

function readCondition(text: string): Partial<NamedModels> | null {
  for (const [pattern, read] of CONDITIONS) {
    const match = pattern.exec(text);
    if (match) return read(match[1] ?? '');
  }
  return null;
}

function readSize(text: string): number {
  return Number(text.replace(/[,K]/gi, '')) * (/K$/i.test(text) ? 1000 : 1);
}

function withDay(text: string, use: (day: string) => Partial<NamedModels>): Partial<NamedModels> | null {
  const day = readMonthDay(text);
  return day === null ? null : use(day);
}
