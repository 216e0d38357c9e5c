import { createAnthropic } from './anthropic/index.ts';
import { createGoogle } from './google/index.ts';
import { createOpenAi } from './openai/index.ts';
import type { Provider } from './provider.ts';

/** Addresses the operator moved a vendor to; absent = the vendor's own. */
export interface ProviderAddresses {
  openaiBaseUrl?: string | undefined;
  anthropicBaseUrl?: string | undefined;
  googleBaseUrl?: string | undefined;
}

/** Every vendor we know by name. Those an operator adds are made by `parseCompatibleProviders`. */
export function createProviders(config: ProviderAddresses = {}): Provider[] {
  return [
    createOpenAi({ baseUrl: config.openaiBaseUrl }),
    createAnthropic({ baseUrl: config.anthropicBaseUrl }),
    createGoogle({ baseUrl: config.googleBaseUrl }),
  ];
}
