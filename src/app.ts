import { Elysia } from 'elysia';
import { dashboardRoutes } from './dashboard/index.ts';
import { GatewayError } from './errors.ts';
import { adminRoutes } from './http/admin.ts';
import { experimentRoutes } from './http/admin-experiments.ts';
import { operationsRoutes } from './http/admin-operations.ts';
import { peopleRoutes } from './http/admin-people.ts';
import { providersApi } from './http/admin-providers.ts';
import { registryRoutes } from './http/admin-registry.ts';
import { requestRoutes } from './http/admin-requests.ts';
import { anthropicRoutes } from './http/anthropic.ts';
import { callerDialect } from './http/caller-dialect.ts';
import { createChatDoor, IDLE_SECONDS } from './http/chat-door.ts';
import { countRoutes } from './http/count-tokens.ts';
import { embeddingRoutes } from './http/embeddings.ts';
import { errorResponse, notFound } from './http/error-response.ts';
import { gatewayRoutes } from './http/gateway.ts';
import { googleRoutes } from './http/google.ts';
import { healthRoutes } from './http/health.ts';
import { modelsRoutes } from './http/models.ts';
import { openaiRoutes } from './http/openai.ts';
import { createSideDoor } from './http/side-door.ts';
import type { Services } from './services/index.ts';

/** All front doors. */
export function createApp(services: Services) {
  const { config, log, stages, catalogue, connections, now } = services;
  const enter = createChatDoor({ stages, maxBodyBytes: config.maxBodyBytes, log });
  const enterSide = createSideDoor({ stages: services.sideStages, maxBodyBytes: config.maxBodyBytes, log });
  const listModels = () => {
    const registry = catalogue.registry();
    const embedders = registry.models.filter(({ modalities, status }) => {
      return modalities.out.includes('embedding') && status !== 'retired';
    });
    return [...registry.listActive(now()), ...embedders].filter((model) => connections.isConnected(model.provider));
  };
  const isSimulated = (providerId: string) =>
    connections.list().some(({ provider }) => provider.id === providerId && provider.isSimulated);
  const methods = new Map<string, string[]>();

  const app = new Elysia({
    // Most of some hundred routes are a person's, and compiled when somebody comes; all of them at once took 6 MiB.
    precompile: false,
    // Bodies are limited in http/read-json.ts, which answers in the caller's dialect; the server's own answer is empty.
    // A shared port would split the traffic with whatever else listens there, instead of saying that it is taken.
    serve: {
      idleTimeout: IDLE_SECONDS,
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
      development: false,
      reusePort: false,
    },
  })
    .onError(({ error, code, request }) => {
      const thrown = code === 'NOT_FOUND' ? notFound(request, methods) : toOurs(error, code);
      return errorResponse({ thrown, dialect: callerDialect(request), requestId: Bun.randomUUIDv7(), log });
    })
    .use(healthRoutes(services.isReady))
    .use(openaiRoutes(enter))
    .use(anthropicRoutes(enter))
    .use(googleRoutes({ enter, enterSide, log }))
    .use(embeddingRoutes(enterSide))
    .use(countRoutes(enterSide))
    .use(modelsRoutes({ stages, listModels, log }))
    .use(adminRoutes(services))
    .use(peopleRoutes(services))
    .use(operationsRoutes(services))
    .use(registryRoutes(services))
    .use(providersApi(services))
    .use(requestRoutes(services))
    .use(experimentRoutes(services))
    .use(dashboardRoutes(services))
    .use(
      gatewayRoutes({
        stages,
        maxBodyBytes: config.maxBodyBytes,
        usageOf: services.usageOf,
        giveFeedback: services.giveFeedback,
        isSimulated,
        isSimulating: connections.isSimulating,
        log,
      }),
    );

  for (const { method, path } of app.routes) methods.set(path, [...(methods.get(path) ?? []), method]);
  return app;
}

/** The framework's own complaints are about the request; anything else is a bug. */
function toOurs(error: unknown, code: unknown): unknown {
  if (code === 'PARSE' || code === 'VALIDATION' || code === 'INVALID_COOKIE_SIGNATURE') {
    return new GatewayError('invalid_request', 'The request could not be read.');
  }
  return error;
}
