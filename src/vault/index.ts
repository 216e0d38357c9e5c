export { loadMasterKey, MASTER_KEY_FILE } from './master-key.ts';
export { createVault, type HeldKey, type ProviderKeySummary, type Vault } from './vault.ts';
export type { Vendor } from './vendor.ts';
