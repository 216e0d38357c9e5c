import type { FormError } from '../../views/components/form.tsx';
import { GatewayError } from '../errors.ts';

const MAX_FORM_BYTES = 64 * 1024;
const FORM_TYPE = 'application/x-www-form-urlencoded';

/** The fields of a submitted form. Throws `invalid_request` or `body_too_large`. */
export async function readForm(request: Request): Promise<URLSearchParams> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== FORM_TYPE) throw new GatewayError('invalid_request', `A form is sent as ${FORM_TYPE}.`);
  return new URLSearchParams(await readText(request));
}

/** Stops at the limit, whatever length was announced. */
async function readText(request: Request): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_FORM_BYTES) throw new GatewayError('body_too_large', 'This form is larger than any of ours.');
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

export function field(form: URLSearchParams, name: string): string {
  return form.get(name) ?? '';
}

type Attempt<T> = { value: T; refusal: null } | { value: null; refusal: GatewayError };

/** What came of it: the value, or the refusal to show to the person. Anything else that is thrown is a bug and goes on. */
export async function attempt<T>(work: Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await work, refusal: null };
  } catch (error) {
    if (error instanceof GatewayError) return { value: null, refusal: error };
    throw error;
  }
}

export function formError({ message, param }: GatewayError): FormError {
  return { message, field: param };
}

/** Headers that tell a program how long to wait; people read it in the message. */
export function retryHeaders({ retryAfterSeconds }: GatewayError): Record<string, string> {
  return retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
}
