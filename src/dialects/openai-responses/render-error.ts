import type { GatewayError } from '../../errors.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import type { RenderedError } from '../dialect.ts';
import { errorFields as ourFields, retryHeaders } from '../openai-common/error-fields.ts';
import { DIALECT } from './dialect-id.ts';

/** The error in OpenAI's envelope, or word for word as the provider put it where that speaks this dialect. */
export function renderError(error: GatewayError): RenderedError {
  const { complaint } = error;
  const headers = retryHeaders(error);
  // Without an envelope its words would not be found; they are in our message.
  if (complaint?.dialect === DIALECT && isJsonObject(complaint.body) && isJsonObject(complaint.body.error)) {
    return { status: complaint.status, headers, body: complaint.body };
  }
  return { status: statusOf(error), headers, body: { error: errorFields(error) } };
}

/** What stands inside the envelope, which is also what a stream tells. */
export function errorFields(error: GatewayError): JsonObject {
  const { complaint } = error;
  const said = complaint?.dialect === DIALECT && isJsonObject(complaint.body) ? complaint.body.error : undefined;
  return isJsonObject(said) ? said : ourFields(error);
}

/** An unknown model is a bad request here, where Chat Completions has a 404. */
function statusOf({ code, status }: GatewayError): number {
  return code === 'unknown_model' || code === 'provider_model_missing' ? 400 : status;
}
