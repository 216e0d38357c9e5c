import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { desc } from 'drizzle-orm';
import type { Fetch } from '../registry/pages.ts';
import { createApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { findUserByEmail, insertUser } from '../src/db/queries/users.ts';
import { attempts, requests, type User } from '../src/db/schema.ts';
import { type Clock, systemClock } from '../src/lib/clock.ts';
import { createServices } from '../src/services/index.ts';

interface TestGatewayOptions {
  /** The vendors' price pages, as they are to be. */
  fetchPage?: Fetch;
  env?: Record<string, string>;
  /** Files of the data folder, by name, written before the start. */
  files?: Record<string, string>;
  now?: Clock;
}

/** What a bug of ours would have logged; tests expect it to stay empty. */
export interface TestLog {
  errors: string[];
  warnings: string[];
}

export type TestGateway = Awaited<ReturnType<typeof startGateway>>;

/** The whole gateway on a port of its own with a data folder of its own, and a key to use it with. */
export async function startGateway({ env = {}, files = {}, now = systemClock, fetchPage }: TestGatewayOptions = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'gateway-test-'));
  for (const [name, text] of Object.entries(files)) await Bun.write(join(dataDir, name), text);

  const logged: TestLog = { errors: [], warnings: [] };
  const log = {
    info: () => {},
    warn: (message: string) => void logged.warnings.push(message),
    error: (message: string, cause?: unknown) => void logged.errors.push(`${message} ${Bun.inspect(cause)}`),
  };
  const config = loadConfig({ DATA_DIR: dataDir, PORT: '0', ...env });
  const services = await createServices({ config, env, now, log, fetchPage });
  const app = createApp(services).listen({ port: 0, hostname: '127.0.0.1' });
  const { key } = await services.keys.create({ name: 'test key', userId: null });

  return {
    url: `http://127.0.0.1:${app.server?.port}`,
    key,
    dataDir,
    services,
    logged,
    /** Somebody with this role, who has no password: the id. */
    async person(role: User['role']): Promise<string> {
      const email = `${role}@example.com`;
      const known = await findUserByEmail(services.db, email);
      if (known) return known.id;
      const user = { id: Bun.randomUUIDv7(), email, name: `Ada (${role})`, role, passwordHash: 'none' };
      await insertUser(services.db, { ...user, sessionVersion: 1, createdAt: 0, disabledAt: null });
      return user.id;
    },
    /** The ledger's newest request, once it is stored. */
    async lastRequest() {
      await services.writer.flush();
      const [row] = await services.db.select().from(requests).orderBy(desc(requests.id)).limit(1);
      return row;
    },
    async allRequests() {
      await services.writer.flush();
      return await services.db.select().from(requests).orderBy(requests.id);
    },
    async allAttempts() {
      await services.writer.flush();
      return await services.db.select().from(attempts).orderBy(attempts.id);
    },
    async stop(): Promise<void> {
      await app.stop(true);
      await services.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
