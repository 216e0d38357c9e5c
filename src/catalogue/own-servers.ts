import type { Db } from '../db/client.ts';
import {
  deleteCustomProvider,
  insertCustomProvider,
  listCustomProviders,
  updateCustomProvider,
} from '../db/queries/custom-providers.ts';
import type { CustomProviderRow } from '../db/schema.ts';
import { GatewayError } from '../errors.ts';
import type { Clock } from '../lib/clock.ts';
import { type CompatibleProvider, readCompatibleProvider } from '../providers/openai-compatible/compatible-config.ts';

interface OwnServersOptions {
  db: Db;
  now: Clock;
  /** Ids that are taken by providers from elsewhere. */
  taken: readonly string[];
  /** Called after every change, before its promise resolves. */
  onChange: () => void | Promise<void>;
}

/** A server as somebody describes it; judged by the rules of `data/providers.json`. */
export interface OwnServerRequest {
  id: string;
  label: string;
  baseUrl: string;
  models: readonly unknown[];
}

export interface OwnServer extends OwnServerRequest {
  createdAt: number;
}

export type OwnServers = ReturnType<typeof createOwnServers>;

/** OpenAI-compatible servers that were added while the gateway ran: kept in the database, in use at once. */
export function createOwnServers({ db, now, taken, onChange }: OwnServersOptions) {
  let held: { row: CustomProviderRow; server: CompatibleProvider }[] = [];

  function check(request: OwnServerRequest): { row: CustomProviderRow; server: CompatibleProvider } {
    const row = {
      ...{ id: request.id.trim(), label: request.label.trim(), baseUrl: request.baseUrl.trim() },
      ...{ models: [...request.models], createdAt: now() },
    };
    const read = readCompatibleProvider(entryOf(row));
    if ('server' in read) return { row, server: read.server };
    const { param, message } = read.problem;
    throw new GatewayError('invalid_request', message, { param });
  }

  return {
    /** Reads them into memory. */
    async load(): Promise<void> {
      const rows = await listCustomProviders(db);
      held = rows.flatMap((row) => {
        const read = readCompatibleProvider(entryOf(row));
        return 'server' in read ? [{ row, server: read.server }] : [];
      });
    },
    /** In the order they were added. */
    list: (): OwnServer[] => held.map(({ row }) => row),
    servers: (): CompatibleProvider[] => held.map(({ server }) => server),
    find: (id: string): OwnServer | undefined => held.find(({ row }) => row.id === id)?.row,
    /** Throws `invalid_request` with the field, or `conflict` when the id is taken. */
    async add(request: OwnServerRequest): Promise<OwnServer> {
      const checked = check(request);
      const { id } = checked.row;
      if (taken.includes(id) || held.some(({ row }) => row.id === id)) {
        throw new GatewayError('conflict', 'There is a provider of this id already. Choose another.', { param: 'id' });
      }
      await insertCustomProvider(db, checked.row);
      held = [...held, checked];
      await onChange();
      return checked.row;
    },
    /** Its id stays. Null when there is none of this id. Throws `invalid_request`. */
    async change(request: OwnServerRequest): Promise<OwnServer | null> {
      const before = held.find(({ row }) => row.id === request.id);
      if (!before) return null;
      const checked = check(request);
      const row = { ...checked.row, createdAt: before.row.createdAt };
      await updateCustomProvider(db, row);
      held = held.map((one) => (one.row.id === row.id ? { row, server: checked.server } : one));
      await onChange();
      return row;
    },
    /** False when there is none of this id. */
    async remove(id: string): Promise<boolean> {
      if (!(await deleteCustomProvider(db, id))) return false;
      held = held.filter(({ row }) => row.id !== id);
      await onChange();
      return true;
    },
  };
}

function entryOf({ id, label, baseUrl, models }: CustomProviderRow) {
  return { id, ...(label !== '' && { name: label }), baseUrl, models };
}
