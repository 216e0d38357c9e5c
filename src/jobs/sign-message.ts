import { createHmac } from 'node:crypto';
import type { Secret } from '../lib/secret.ts';

const PREFIX = 'whsec_';

interface Message {
  id: string;
  /** Milliseconds since 1970. */
  at: number;
  body: string;
}

/**
 * The headers that prove who sent a message, when, and that nobody changed it: HMAC-SHA256 over `id.timestamp.body`, as in
 * https://www.standardwebhooks.com, so that its libraries can check it. A secret that starts with `whsec_` is base64.
 */
export function signMessage({ id, at, body }: Message, secret: Secret): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000));
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

function keyOf(secret: Secret): Buffer {
  const text = secret.reveal();
  return text.startsWith(PREFIX) ? Buffer.from(text.slice(PREFIX.length), 'base64') : Buffer.from(text);
}
