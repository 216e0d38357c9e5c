import { CopyButton } from '../components/copy.tsx';
import { Badge } from '../components/signs.tsx';
import { Snippets } from '../components/snippets.tsx';
import { Time } from '../components/time.tsx';
import type { Copy } from '../copy/index.ts';
import type { Frame } from '../layout.tsx';

/** A key with what it has used. */
export interface KeyRow {
  id: string;
  name: string;
  prefix: string;
  userId: string | null;
  ownerName: string | null;
  strategy: string | null;
  fallbackModels: readonly string[];
  limits: KeyLimits;
  storesBodies: boolean;
  createdAt: number;
  expiresAt: number | null;
  revokedAt: number | null;
  previousUntil: number | null;
  lastUsedAt: number | null;
  requests: number;
  dayNanoUsd: number;
  monthNanoUsd: number;
}

export interface KeyLimits {
  requestsPerMinute?: number | undefined;
  tokensPerMinute?: number | undefined;
  concurrentRequests?: number | undefined;
  dailyBudgetNanoUsd?: number | undefined;
  monthlyBudgetNanoUsd?: number | undefined;
  maxRequestNanoUsd?: number | undefined;
  budgetMode?: 'hard' | 'warn' | undefined;
  allowedModels?: readonly string[] | undefined;
  allowedStrategies?: readonly string[] | undefined;
  allowsUnpriced?: boolean | undefined;
}

/** A key whose text is shown this once. */
export interface ShownKey {
  name: string;
  keyText: string;
  baseUrl: string;
  /** After a rotation: until when the old secret works as well. */
  previousUntil: number | null;
}

export const ShownKeyPanel = ({ frame, shown }: { frame: Frame; shown: ShownKey }) => (
  <section class="panel created" aria-label={frame.t.keys.newKeyLabel}>
    <h2>{frame.t.keys.ready(shown.name)}</h2>
    <p>{frame.t.keys.copyNow}</p>
    {shown.previousUntil !== null && (
      <p>{frame.t.keys.rotated(frame.format.dateTime(Math.max(shown.previousUntil, frame.now)))}</p>
    )}
    <div class="copy-line">
      <code id="new-key">{shown.keyText}</code>
      <CopyButton frame={frame} from="new-key" />
    </div>
    <Snippets frame={frame} keyText={shown.keyText} baseUrl={shown.baseUrl} />
  </section>
);

export const KeyState = ({ frame, row }: { frame: Frame; row: Pick<KeyRow, 'revokedAt' | 'expiresAt'> }) => {
  const t = frame.t.keys;
  if (row.revokedAt !== null) return <Badge>{t.revoked}</Badge>;
  if (row.expiresAt === null) return <Badge tone="good">{t.active}</Badge>;
  if (row.expiresAt <= frame.now) return <Badge tone="warn">{t.expired}</Badge>;
  return (
    <Badge tone="good">
      {t.until} <Time frame={frame} at={row.expiresAt} />
    </Badge>
  );
};

/** Everything that limits a key but its budgets, in a few words. */
export function limitsInShort(frame: Frame, limits: KeyLimits): string {
  const t = frame.t.keys;
  const { compact, money } = frame.format;
  const of = <T,>(value: T | undefined, write: (value: T) => string) => (value === undefined ? null : write(value));
  const parts = [
    of(limits.requestsPerMinute, (count) => t.perMinute(compact(count))),
    of(limits.tokensPerMinute, (count) => t.tokensPerMinuteShort(compact(count))),
    of(limits.concurrentRequests, (count) => t.atOnce(compact(count))),
    of(limits.maxRequestNanoUsd, (most) => t.perRequest(money(most))),
    of(limits.allowedModels, (models) => t.someModels(models.length)),
    of(limits.allowedStrategies, (strategies) => t.someStrategies(strategies.length)),
    limits.budgetMode === 'warn' ? t.warnsOnly : null,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

export function strategyName({ strategies }: Copy['keys'], strategy: string): string {
  const names: Record<string, string> = strategies;
  return names[strategy] ?? strategy;
}
