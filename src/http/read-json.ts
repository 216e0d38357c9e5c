import { GatewayError } from '../errors.ts';
import { BodyTooLarge, readText } from '../lib/read-text.ts';

/** Deeper than any real request; past it, code that walks a body could run out of stack. */
const MAX_DEPTH = 128;

/** The body as JSON. Throws `body_too_large`, `invalid_json` or `unsupported`. */
export async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  const body = parse(await readLimited(request, maxBytes));
  if (isDeeperThan(body, MAX_DEPTH)) {
    throw new GatewayError('invalid_request', `The request body is nested more than ${MAX_DEPTH} levels deep.`);
  }
  return body;
}

async function readLimited(request: Request, maxBytes: number): Promise<string> {
  const encoding = request.headers.get('content-encoding');
  if (encoding !== null && encoding.toLowerCase() !== 'identity') {
    throw new GatewayError('unsupported', `A request body in Content-Encoding "${encoding}" cannot be read here.`, {
      param: 'content-encoding',
    });
  }
  try {
    return await readText(request, maxBytes);
  } catch (thrown) {
    if (thrown instanceof BodyTooLarge) {
      throw new GatewayError('body_too_large', `The request body is larger than ${maxBytes} bytes.`);
    }
    throw new GatewayError('client_closed', 'The request body did not arrive whole.', { cause: thrown });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message can quote the prompt, which does not belong in a log.
    throw new GatewayError('invalid_json', 'The request body is not valid JSON.');
  }
}

function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return true;
  for (const field of Object.values(value)) if (isDeeperThan(field, depth - 1)) return true;
  return false;
}
