import { en } from './en/index.ts';
import { type Failure, inSpanish } from './es/failures.ts';
import { es } from './es/index.ts';

export type { Failure };

/** Every text of the pages. English is the pattern: what it has, every language has. */
export type Copy = typeof en;

export const LANGUAGES = ['en', 'es'] as const;

export type Language = (typeof LANGUAGES)[number];

/** What each language calls itself. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', es: 'Español' };

export const COPY: Record<Language, Copy> = { en, es };

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.some((language) => language === value);
}

/** A refusal as a person reads it. The program's own sentences are English; what has no other words keeps them. */
export function explain(failure: Failure, language: Language): string {
  return language === 'es' ? (inSpanish(failure) ?? failure.message) : failure.message;
}
