/** What a request is about, as far as the words tell. The order is that of the heads in `heads.bin`. */
export const REQUEST_KINDS = [
  'math',
  'proof',
  'logic',
  'code',
  'computing',
  'physics',
  'chemistry',
  'engineering',
  'biology',
  'medicine',
  'law',
  'business',
  'society',
  'trivia',
  'commonsense',
  'writing',
  'explanation',
  'design',
] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];
