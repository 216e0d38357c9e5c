/** OpenAI's names of its tiers, and what other vendors call the plain one. */
const TIERS = new Map(
  Object.entries({
    auto: 'auto',
    default: 'default',
    flex: 'flex',
    scale: 'scale',
    priority: 'priority',
    standard: 'default',
    standard_only: 'default',
  }),
);

/** The tier in OpenAI's words; `undefined` where it has none for it. */
export function renderServiceTier(tier: string | undefined): string | undefined {
  return tier === undefined ? undefined : TIERS.get(tier);
}
