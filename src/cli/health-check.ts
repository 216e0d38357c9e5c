/**
 * `bun src/cli/health-check.ts`: ends with 0 while the gateway of this container answers and can read its database, with 1 if
 * not. It runs every few seconds, so it imports nothing.
 */
const TIMEOUT_MS = 2500;

// A proxy for the way out is no way to ourselves.
for (const name of ['HTTP_PROXY', 'http_proxy']) delete process.env[name];

const url = `http://127.0.0.1:${process.env.PORT || 8000}/ready`;
const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => null);
process.exit(answer?.ok ? 0 : 1);

export {};
