/** Tells the ids that we make from those a provider made, which it may want back. */
const OURS = /^(msg|rs|fc|ctc)_gw_/;

export type ItemPrefix = 'msg' | 'rs' | 'fc' | 'ctc';

/** The id of an item: the provider's where it is one of OpenAI's form, else one of ours. */
export function itemId(prefix: ItemPrefix, own: unknown, made: { base: string; index: number }): string {
  const isTheirs = typeof own === 'string' && own.startsWith(`${prefix}_`);
  return isTheirs ? own : `${prefix}_gw_${made.base}_${made.index}`;
}

/** Whether the id means nothing to any provider. */
export function isOurs(id: unknown): boolean {
  return typeof id === 'string' && OURS.test(id);
}
