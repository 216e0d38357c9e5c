export const DIALECT = 'openai-embeddings';
