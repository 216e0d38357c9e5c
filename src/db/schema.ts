// Every table, by what it is about. Money is whole nano-dollars, because a token can cost less than a micro-dollar. Time is
// whole milliseconds since 1970.

export * from './tables/accounts.ts';
export * from './tables/catalogue.ts';
export * from './tables/ledger.ts';
export * from './tables/operations.ts';
export * from './tables/providers.ts';
export * from './tables/shadow.ts';
export * from './tables/sums.ts';
