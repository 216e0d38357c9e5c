import { type Account, type AuditAction, type AuditLog, changesBetween, demand } from '../accounts/index.ts';
import { GatewayError } from '../errors.ts';
import type { Secret } from '../lib/secret.ts';
import type { Vault } from '../vault/index.ts';
import type { Catalogue, UpdateRequest } from './index.ts';
import type { Overrides } from './overrides.ts';
import type { OwnServer, OwnServerRequest, OwnServers } from './own-servers.ts';
import type { ProviderDesk } from './provider-desk.ts';

interface ChangesOptions {
  audit: Pick<AuditLog, 'write'>;
  catalogue: Pick<Catalogue, 'start' | 'pin' | 'unpin'>;
  overrides: Pick<Overrides, 'find' | 'set' | 'clear'>;
  ownServers: Pick<OwnServers, 'find' | 'add' | 'change' | 'remove'>;
  vault: Pick<Vault, 'list' | 'add' | 'revoke' | 'changeWeight'>;
  providerDesk: Pick<ProviderDesk, 'tryKey'>;
}

type Approvals = Pick<UpdateRequest, 'approve' | 'approveRuns'>;
type NewKey = Parameters<Vault['add']>[0];

interface ModelName {
  provider: string;
  id: string;
}

export type Changes = ReturnType<typeof createChanges>;

/**
 * What people change of the models and of who answers, by the dashboard or by a program: each only with leave, which throws
 * `forbidden`, and each written down when it is done.
 */
export function createChanges({ audit, catalogue, overrides, ownServers, vault, providerDesk }: ChangesOptions) {
  function noteModels(actor: Account, action: AuditAction, models: readonly string[], details = {}): void {
    const name = models.length > 0 ? models.join(', ') : null;
    audit.write({ actor, action, subject: { kind: 'catalogue', id: null, name }, details });
  }

  function noteKey(actor: Account, action: AuditAction, id: string, details: Record<string, unknown>): void {
    const name = keyOf(id)?.name ?? null;
    audit.write({ actor, action, subject: { kind: 'provider-key', id, name }, details });
  }

  function noteServer(actor: Account, action: AuditAction, id: string, details: Record<string, unknown> = {}): void {
    audit.write({ actor, action, subject: { kind: 'server', id, name: id }, details });
  }

  const keyOf = (id: string) => vault.list().find((key) => key.id === id);

  async function startUpdate(account: Account, approvals: Approvals = {}): Promise<void> {
    demand(account, 'change-catalogue');
    await catalogue.start({ source: 'api', ...approvals });
    const approved = [...(approvals.approve ?? []), ...(approvals.approveRuns ?? [])];
    noteModels(account, approved.length > 0 ? 'catalogue.approve' : 'catalogue.update', approved);
  }

  async function pin(account: Account, models: readonly string[]): Promise<void> {
    demand(account, 'change-catalogue');
    await catalogue.pin(models);
    noteModels(account, 'catalogue.pin', models);
  }

  async function unpin(account: Account, models: readonly string[]): Promise<void> {
    demand(account, 'change-catalogue');
    await catalogue.unpin(models);
    noteModels(account, 'catalogue.unpin', models);
  }

  async function setOverride(account: Account, { provider, id }: ModelName, wish: unknown): Promise<void> {
    demand(account, 'change-catalogue');
    const before = overrides.find(provider, id) ?? {};
    const after = await overrides.set({ provider, model: id }, wish);
    noteModels(account, 'catalogue.override', [`${provider}/${id}`], changesBetween(before, after));
  }

  async function clearOverride(account: Account, { provider, id }: ModelName): Promise<void> {
    demand(account, 'change-catalogue');
    if (await overrides.clear(provider, id)) noteModels(account, 'catalogue.clear-override', [`${provider}/${id}`]);
  }

  async function addKey(account: Account, wish: NewKey) {
    demand(account, 'change-provider-keys');
    const added = await vault.add(wish);
    noteKey(account, 'provider-key.add', added.id, { provider: added.provider });
    return added;
  }

  /** False when there is no such key. */
  async function revokeKey(account: Account, id: string): Promise<boolean> {
    demand(account, 'change-provider-keys');
    const key = keyOf(id);
    if (!key || !(await vault.revoke(id))) return false;
    const subject = { kind: 'provider-key', id, name: key.name } as const;
    audit.write({ actor: account, action: 'provider-key.revoke', subject, details: { provider: key.provider } });
    return true;
  }

  /** False when there is no such key. */
  async function changeWeight(account: Account, id: string, weight: number): Promise<boolean> {
    demand(account, 'change-provider-keys');
    const before = keyOf(id)?.weight;
    if (!(await vault.changeWeight(id, weight))) return false;
    noteKey(account, 'provider-key.change', id, { weight: [before, weight] });
    return true;
  }

  /** Null when there is no such key. */
  async function tryKey(account: Account, id: string) {
    demand(account, 'change-provider-keys');
    const trial = await providerDesk.tryKey(id);
    if (trial) noteKey(account, 'provider-key.test', id, { result: trial.result });
    return trial;
  }

  /** With its key, if it needs one: without that it is not what was asked for, so nothing of it stays. */
  async function addServer(account: Account, wish: OwnServerRequest, key: Secret | null): Promise<OwnServer> {
    demand(account, 'change-provider-keys');
    const added = await ownServers.add(wish);
    let isWhole = false;
    try {
      if (key) await addKey(account, { provider: added.id, name: added.id, key });
      isWhole = true;
    } finally {
      if (!isWhole) await ownServers.remove(added.id);
    }
    noteServer(account, 'server.add', added.id, { baseUrl: added.baseUrl });
    return added;
  }

  async function changeServer(account: Account, wish: OwnServerRequest): Promise<OwnServer> {
    demand(account, 'change-provider-keys');
    const before = ownServers.find(wish.id);
    const after = await ownServers.change(wish);
    if (!before || !after) throw new GatewayError('not_found', 'There is no such server of your own.');
    noteServer(account, 'server.change', wish.id, changesBetween(before, after));
    return after;
  }

  /** A server goes with its keys. False when there is none of this id. */
  async function removeServer(account: Account, id: string): Promise<boolean> {
    demand(account, 'change-provider-keys');
    if (!(await ownServers.remove(id))) return false;
    for (const key of vault.list().filter(({ provider }) => provider === id)) await revokeKey(account, key.id);
    noteServer(account, 'server.remove', id);
    return true;
  }

  return {
    ...{ startUpdate, pin, unpin, setOverride, clearOverride },
    ...{ addKey, revokeKey, changeWeight, tryKey, addServer, changeServer, removeServer },
  };
}
