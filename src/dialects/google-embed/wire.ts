import { z } from 'zod';
import { listOf, structure } from '../google-common/structure.ts';

export const DIALECT = 'google-embed';

/** Proto JSON takes text for every number. */
const wholeNumber = z.preprocess(
  (value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value),
  z.int('must be a whole number'),
);

const wirePart = structure({ text: z.string('must be a string').nullish() });

export const wireEmbedRequest = structure({
  content: structure({ parts: listOf(wirePart) }),
  outputDimensionality: wholeNumber.nullish(),
  /** Where the options stand in newer requests. */
  embedContentConfig: structure({ outputDimensionality: wholeNumber.nullish() }).nullish(),
});

export const wireBatchRequest = structure({ requests: listOf(wireEmbedRequest) });

export type WireEmbedRequest = z.infer<typeof wireEmbedRequest>;
