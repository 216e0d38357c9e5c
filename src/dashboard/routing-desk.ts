import type { Registry } from '../../registry/load.ts';
import type { Db } from '../db/client.ts';
import type { Stages } from '../pipeline/pipeline.ts';
import { replayLedger } from '../pipeline/replay.ts';
import type { Strategy } from '../pipeline/router/index.ts';
import type { Connections } from '../providers/connections.ts';
import { createPlayground } from './ask.ts';
import { createReplays } from './replays.ts';
import { createRoutingData } from './routing-data.ts';

interface RoutingDeskOptions {
  db: Db;
  stages: Stages;
  catalogue: { registry: () => Registry };
  connections: Pick<Connections, 'isConnected' | 'list'>;
  config: { defaultStrategy: Strategy; baselineModel: string | null };
  now: () => number;
  log: { error: (message: string, cause?: unknown) => void };
}

/** What the playground and the routing pages need of the rest of the program. */
export function createRoutingDesk(options: RoutingDeskOptions) {
  const { db, now, log, catalogue, connections } = options;
  return {
    playground: createPlayground(options),
    routing: createRoutingData(options),
    replays: createReplays({
      ...{ db, now, logError: log.error },
      replay: (wish) =>
        replayLedger({ ...wish, db, registry: catalogue.registry(), isConnected: connections.isConnected }),
    }),
  };
}
