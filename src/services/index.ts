import { join } from 'node:path';
import type { Fetch } from '../../registry/pages.ts';
import { createAuditLog } from '../accounts/index.ts';
import { createChanges } from '../catalogue/changes.ts';
import { createCatalogue } from '../catalogue/index.ts';
import { createOverrides } from '../catalogue/overrides.ts';
import { createOwnServers } from '../catalogue/own-servers.ts';
import { createProviderDesk } from '../catalogue/provider-desk.ts';
import type { Config } from '../config.ts';
import { createLive, createRoutingDesk } from '../dashboard/index.ts';
import { openDatabase } from '../db/client.ts';
import { takeDataFolder } from '../db/data-folder.ts';
import { listAllKeys } from '../db/queries/gateway-keys.ts';
import { insertLedgerRows } from '../db/queries/ledger.ts';
import { listDisabledUsers, listUserLimits } from '../db/queries/users.ts';
import { takeSnapshot } from '../db/snapshot.ts';
import { createAlerts } from '../jobs/alerts.ts';
import { createRetention } from '../jobs/retention.ts';
import { createWebhookTest } from '../jobs/webhook-test.ts';
import { createClientOf } from '../lib/client-of.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { Secret } from '../lib/secret.ts';
import { createKeyedHash, deriveKey } from '../lib/secret-box.ts';
import { createAuth } from '../pipeline/auth/index.ts';
import { createCache } from '../pipeline/cache/index.ts';
import { createCaller } from '../pipeline/executor/caller.ts';
import { createExecutor } from '../pipeline/executor/index.ts';
import { createLedger } from '../pipeline/ledger/index.ts';
import { sealRows } from '../pipeline/ledger/sealed-bodies.ts';
import { createLedgerWriter } from '../pipeline/ledger/writer.ts';
import { createLimits } from '../pipeline/limits/index.ts';
import type { Origin, Stages } from '../pipeline/pipeline.ts';
import { baselineFor, createRouter } from '../pipeline/router/index.ts';
import type { SideStages } from '../pipeline/side-call.ts';
import { createThoughts } from '../pipeline/thoughts/index.ts';
import { createProviders } from '../providers/all.ts';
import { createConnections } from '../providers/connections.ts';
import { createProviderHealth } from '../providers/health.ts';
import { KEYLESS } from '../providers/openai-compatible/compatible-config.ts';
import { loadCompatibleProviders } from '../providers/openai-compatible/load-compatible.ts';
import { cacheBounds, cacheSizes } from '../settings/cache-bounds.ts';
import { createSettings } from '../settings/index.ts';
import { createVault, type HeldKey, loadMasterKey, type Vendor } from '../vault/index.ts';
import { createJobs } from './jobs.ts';
import { createPeopleServices } from './people.ts';
import { dialectsOf, environmentKeys, keyHint, startWhenNeeded, stateOf } from './provider-parts.ts';
import { createReports } from './reports.ts';
import { createShadowParts } from './shadow.ts';
import { readSpent } from './spent.ts';
import { createStatus } from './status.ts';

const SHIPPED_CATALOGUE = join(import.meta.dir, '../../registry/models.json');

/** At most twice as many bytes: room for some thousand tool loops. */
const THOUGHT_CHARACTERS = 16 * 1024 * 1024;

interface ServiceOptions {
  config: Config;
  env: Record<string, string | undefined>;
  now: Clock;
  log: Log;
  /** How price pages are fetched; tests bring pages of their own. */
  fetchPage?: Fetch | undefined;
}

export type Services = Awaited<ReturnType<typeof createServices>>;

/** Everything the program is made of, put together: the only place that constructs anything. */
export async function createServices({ config, env, now, log, fetchPage }: ServiceOptions) {
  const leaveDataFolder = takeDataFolder(config.dataDir);
  const masterKey = await loadMasterKey(config.dataDir, log.warn);
  const db = openDatabase(join(config.dataDir, 'gateway.db'));

  const compatible = await loadCompatibleProviders(config.dataDir);
  const vendors = createProviders({
    openaiBaseUrl: config.baseUrls.openai,
    anthropicBaseUrl: config.baseUrls.anthropic,
    googleBaseUrl: config.baseUrls.google,
  });
  const fixed = [...vendors, ...compatible.map(({ provider }) => provider)];
  const ownServers = createOwnServers({
    ...{ db, now, taken: fixed.map(({ id }) => id) },
    onChange() {
      catalogue.refresh();
      dialects = dialectsOf(providers());
      connections.refresh();
      stages.cache.clear();
    },
  });
  await ownServers.load();
  const providers = () => [...fixed, ...ownServers.servers().map(({ provider }) => provider)];
  let dialects = dialectsOf(providers());
  const overrides = createOverrides({ db, now, onChange: () => catalogue.refresh() });
  await overrides.load();
  const catalogue = await createCatalogue({
    dataDir: config.dataDir,
    shippedPath: SHIPPED_CATALOGUE,
    ownModels: () => [...compatible, ...ownServers.servers()].flatMap(({ models }) => models),
    overrides: overrides.list,
    db,
    now,
    log,
    isWatched: config.isRegistryRefreshed,
    ...(fetchPage && { fetch: fetchPage }),
  });
  const vault = createVault({
    db,
    masterKey,
    now,
    onChange() {
      connections.refresh();
      // What the simulator or another account has answered is no answer of whoever answers now.
      stages.cache.clear();
    },
  });
  await vault.load();

  const health = createProviderHealth(now);
  const simulator = startWhenNeeded();
  const keysOf = (id: string): HeldKey[] => {
    const held = [...environmentKeys({ id, config, compatible, env }), ...vault.keysOf(id)];
    const isKeyless = held.length === 0 && ownServers.find(id) !== undefined;
    return isKeyless ? [{ id: `none:${id}`, apiKey: new Secret(KEYLESS), weight: 1 }] : held;
  };
  const connections = createConnections({
    providers,
    keysOf,
    ...{ isResting: health.isResting, roomOf: health.roomOf, now },
    simulator: { mode: config.simulator, url: (vendor) => simulator.get().url(vendor) },
  });

  const audit = createAuditLog({ db, now });
  const settings = createSettings({
    ...{ db, base: { ...config, ...config.retention, ...cacheSizes(config), ...config.shadow }, onAudit: audit.write },
    isGiven: (variable) => Boolean(env[variable]?.trim()),
    isModel: (name) => baselineFor(catalogue.registry(), name) !== null,
    onChange(values) {
      stages.limits.replaceDefaultRequestsPerMinute(values.requestsPerMinute);
      stages.cache.resize(cacheBounds(values));
    },
  });
  await settings.load();

  const keyHash = createKeyedHash(deriveKey(masterKey, 'gateway keys'));
  const auth = createAuth({ hash: keyHash, now });
  const alerts = createAlerts({ db, now, log, webhook: config.webhook });
  const limits = createLimits({
    now,
    defaultRequestsPerMinute: settings.current().requestsPerMinute,
    onEvent: alerts.raise,
  });
  const reloadKeys = async (): Promise<void> => auth.replaceKeys(await listAllKeys(db), await listDisabledUsers(db));
  const reloadUserLimits = async (): Promise<void> => limits.replaceUserLimits(await listUserLimits(db));
  await reloadKeys();
  await reloadUserLimits();
  limits.restore(await readSpent(db, now()));

  const bodyKey = deriveKey(masterKey, 'request bodies');
  const live = createLive({ now, logError: log.error });
  catalogue.subscribe(live.publish);
  const writer = createLedgerWriter({
    insert: async (rows) => insertLedgerRows(db, await sealRows(bodyKey, rows)),
    onStored: live.publish,
    logError: log.error,
  });
  if (config.baselineModel !== null && !baselineFor(catalogue.registry(), config.baselineModel)) {
    throw new Error(`Cannot start. BASELINE_MODEL: there is no model "${config.baselineModel}" in the catalogue.`);
  }
  // A model that was chosen here and has left the catalogue since is no reason to tell no savings at all.
  const baseline = () =>
    baselineFor(catalogue.registry(), settings.current().baselineModel) ?? baselineFor(catalogue.registry(), null);
  const calling = { connect: connections.find, onOutcome: health.note };
  const stages: Stages = {
    auth,
    limits,
    cache: createCache<Origin>({ ...cacheBounds(settings.current()), now }),
    router: createRouter({
      registry: catalogue.registry,
      ...{ isConnected: connections.isConnected, room: connections.room, now },
      settings: {
        get defaultStrategy() {
          return settings.current().defaultStrategy;
        },
      },
      dialectsOf: (providerId) => dialects.get(providerId) ?? [],
      keyHint,
    }),
    executor: createExecutor({ ...calling, timeoutMs: config.providerTimeoutMs, now }),
    thoughts: createThoughts({ maxCharacters: THOUGHT_CHARACTERS }),
    ledger: createLedger({ write: writer.write, now, baseline }),
    now,
  };

  const sideStages: SideStages = {
    ...stages,
    caller: createCaller({ ...calling, timeoutMs: config.providerTimeoutMs, now }),
    ledger: createLedger({ write: writer.write, now, baseline: () => null }),
  };

  const { shadow, report: shadowReport } = await createShadowParts({
    ...{ db, now, log, settings, stages, sideStages, connections, catalogue, config },
  });
  stages.shadow = shadow;

  const retention = createRetention({ db, now, log, days: () => ({ ...config.retention, ...settings.current() }) });

  const desk = createRoutingDesk({ db, stages, catalogue, connections, config, now, log });
  const { scheduler, schedule } = createJobs({ db, now, log, config, catalogue });

  const providerDesk = createProviderDesk({
    ...{ db, now, providers, keysOf, connections, health, vault },
    originOf: (id) => (ownServers.find(id) ? 'own' : vendors.some((one) => one.id === id) ? 'vendor' : 'file'),
  });

  /** Every provider there is, and who answers in its name now. */
  function listVendors(): Vendor[] {
    const answering = new Map(connections.list().map(({ provider }) => [provider.id, provider]));
    return providers().map(({ id, label }) => ({ id, label, state: stateOf(answering.get(id)) }));
  }

  return {
    config,
    db,
    log,
    now,
    catalogue,
    overrides,
    ownServers,
    health,
    connections,
    vault,
    stages,
    sideStages,
    writer,
    clientOf: createClientOf(config),
    alerts,
    audit,
    settings,
    retention,
    ...createPeopleServices({
      ...{ db, now, config, masterKey, keyHash, audit, settings, reloadKeys, reloadUserLimits },
      isModel: (name) => catalogue.registry().findAll(name).length > 0,
    }),
    scheduler,
    schedule,
    takeSnapshot: () => takeSnapshot(join(config.dataDir, 'gateway.db')),
    testWebhook: config.webhook && createWebhookTest({ db, now, alerts, audit }),
    status: createStatus({
      ...{ db, now, dataDir: config.dataDir, settings, writer, live, retention },
      ...{ ledger: stages.ledger, cache: stages.cache },
      ...{ vendors: listVendors, catalogue, scheduler, timeZone: config.timeZone },
      hasWebhook: config.webhook !== null,
    }),
    live,
    vendors: listVendors,
    ...{ ...desk, shadowReport },
    providerDesk,
    changes: createChanges({ audit, catalogue, overrides, ownServers, vault, providerDesk }),
    ...createReports({ db, now, writer, bodyKey, vendors: listVendors, health, keys: auth.list, limits }),
    async isReady(): Promise<boolean> {
      await listAllKeys(db);
      return catalogue.registry().models.length > 0;
    },
    async stop(): Promise<void> {
      live.stop();
      await retention.stop();
      await desk.replays.stop();
      await catalogue.stop();
      await scheduler.stop();
      await shadow.stop();
      await writer.flush();
      await alerts.stop();
      await simulator.stop();
      db.close();
      leaveDataFolder();
    },
  };
}
