import { anthropicDeprecations } from './anthropic-deprecations.ts';
import { anthropicOverview } from './anthropic-overview.ts';
import type { FactPage } from './fact-page.ts';
import { googleDeprecations } from './google-deprecations.ts';
import { openaiDeprecations } from './openai-deprecations.ts';

/** The pages that are read beside the price pages. */
export const FACT_PAGES: readonly FactPage[] = [
  openaiDeprecations,
  anthropicOverview,
  anthropicDeprecations,
  googleDeprecations,
];
