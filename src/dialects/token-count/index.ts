export { anthropicCount } from './anthropic-count.ts';
export type { CountFormat } from './count-format.ts';
export { googleCount } from './google-count.ts';
export { responsesCount } from './responses-count.ts';
