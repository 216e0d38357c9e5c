import { loadConfig } from '../config.ts';

/** `bun src/cli/health-check.ts`: ends with 0 while the gateway beside it answers and can read its database, with 1 if not. */
const TIMEOUT_MS = 2500;

// A proxy for the way out is no way to ourselves.
for (const name of ['HTTP_PROXY', 'http_proxy']) delete process.env[name];

const url = `http://127.0.0.1:${loadConfig(process.env).port}/ready`;
const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => null);
process.exit(answer?.ok ? 0 : 1);
