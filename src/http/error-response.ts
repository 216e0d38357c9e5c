import type { Dialect } from '../dialects/dialect.ts';
import { GatewayError, toGatewayError } from '../errors.ts';
import type { Log } from '../lib/log.ts';
import { urlOf } from '../lib/url-of.ts';

interface Failure {
  thrown: unknown;
  dialect: Dialect;
  requestId: string;
  log: Log;
}

/** The answer to a request that failed, in the caller's dialect. What is a bug of ours is logged whole and told as little. */
export function errorResponse({ thrown, dialect, requestId, log }: Failure): Response {
  const error = toGatewayError(thrown);
  if (error.code === 'internal') log.error(`request ${requestId} failed`, error.cause);
  const { status, headers, body } = dialect.renderError(error, requestId);
  return Response.json(body, { status, headers: { ...headers, 'x-gateway-request-id': requestId } });
}

/** No such route, or one that takes other methods; `methods` are those of each path. */
export function notFound(request: Request, methods: ReadonlyMap<string, readonly string[]>): GatewayError {
  const { pathname } = urlOf(request);
  const allowed = methods.get(pathname);
  if (allowed)
    return new GatewayError('method_not_allowed', `${pathname} takes ${allowed.join(' and ')}, not ${request.method}.`);
  return new GatewayError('not_found', `There is no ${request.method} ${pathname} here.`);
}
