/** The name of this dialect, as signatures, parts and complaints carry it. */
export const DIALECT = 'openai-responses';
