import type { PlainFrame } from '../frame.ts';

/** The words for the code of an error; null for one that has none. */
export function errorWords({ t }: PlainFrame, code: string | null): string | null {
  const words: Record<string, string> = t.errors;
  return code !== null && Object.hasOwn(words, code) ? (words[code] ?? null) : null;
}

interface FailureProps {
  frame: PlainFrame;
  code: string | null;
  /** As it is kept: English, or the words of a provider. */
  message: string | null;
}

/** What went wrong: in the reader's language by its code, and in the very words where they say more. */
export const FailureWords = ({ frame, code, message }: FailureProps) => {
  const words = errorWords(frame, code);
  if (message === null) return <>{words}</>;
  const isOurs = code !== 'provider_rejected';
  if (words === null || (isOurs && frame.language === 'en')) return <span lang="en">{message}</span>;
  return (
    <>
      {words} {!isOurs && <q lang="en">{message}</q>}
    </>
  );
};
