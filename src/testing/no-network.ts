/** Preloaded by `bun test`: a test that reaches past this machine fails with a sentence instead of hanging. */
const realFetch = globalThis.fetch;

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

globalThis.fetch = Object.assign(
  (input: string | URL | Request, init?: BunFetchRequestInit) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (!LOOPBACK.has(url.hostname)) throw new Error(`a test tried to reach ${url.host}`);
    return realFetch(input, init);
  },
  { preconnect: realFetch.preconnect },
);
