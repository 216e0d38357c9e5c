import type { FormError } from '../../views/components/form.tsx';
import { explain } from '../../views/copy/index.ts';
import type { PlainFrame } from '../../views/frame.ts';
import { GatewayError } from '../errors.ts';
import { BodyTooLarge, readText } from '../lib/read-text.ts';

const MAX_FORM_BYTES = 64 * 1024;
const FORM_TYPE = 'application/x-www-form-urlencoded';

/** The fields of a submitted form. Throws `invalid_request`, `body_too_large` or `client_closed`. */
export async function readForm(request: Request, maxBytes: number = MAX_FORM_BYTES): Promise<URLSearchParams> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== FORM_TYPE) throw new GatewayError('invalid_request', `A form is sent as ${FORM_TYPE}.`);
  try {
    return new URLSearchParams(await readText(request, maxBytes));
  } catch (cause) {
    if (cause instanceof BodyTooLarge)
      throw new GatewayError('body_too_large', 'This form is larger than any of ours.');
    throw new GatewayError('client_closed', 'The form did not arrive whole.', { cause });
  }
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

/** The refusal in the language of the page. */
export function formError({ language }: PlainFrame, refusal: GatewayError): FormError {
  // A form has one level of fields.
  const field = refusal.param?.replace(/^(limits|policy)\./, '').replace(/\[.*$/, '');
  return { message: explain(refusal, language), field };
}

/** Headers that tell a program how long to wait; people read it in the message. */
export function retryHeaders({ retryAfterSeconds }: GatewayError): Record<string, string> {
  return retryAfterSeconds === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterSeconds)) };
}
