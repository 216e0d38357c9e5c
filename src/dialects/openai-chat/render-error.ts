import type { GatewayError } from '../../errors.ts';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import type { RenderedError } from '../dialect.ts';
import { errorFields, retryHeaders } from '../openai-common/error-fields.ts';
import { DIALECT } from './dialect-id.ts';

/** The error in OpenAI's envelope, or word for word as the provider put it where that speaks this dialect. */
export function renderError(error: GatewayError): RenderedError {
  return { status: error.status, headers: retryHeaders(error), body: renderErrorBody(error) };
}

export function renderErrorBody(error: GatewayError): JsonObject {
  const { complaint } = error;
  // Without an envelope its words would not be found; they are in our message.
  if (complaint?.dialect === DIALECT && isJsonObject(complaint.body) && isJsonObject(complaint.body.error)) {
    return complaint.body;
  }
  return { error: errorFields(error) };
}
