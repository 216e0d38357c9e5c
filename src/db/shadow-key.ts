/**
 * Stands in the ledger for the gateway itself, where it compared answers: no key has this id. Its money is in every sum, because
 * providers bill it; its requests are nobody's, and are left out of the counts of what programs asked.
 */
export const SHADOW_KEY_ID = 'shadow';
