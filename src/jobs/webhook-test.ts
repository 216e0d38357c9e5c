import { type Account, type AuditLog, demand } from '../accounts/index.ts';
import type { Db } from '../db/client.ts';
import { findDelivery } from '../db/queries/events.ts';
import type { Clock } from '../lib/clock.ts';
import type { Alerts } from './alerts.ts';

interface WebhookTestOptions {
  db: Db;
  now: Clock;
  alerts: Alerts;
  audit: AuditLog;
}

/**
 * Sends a `webhook.test` event on the way every event goes. Resolves to null when it has arrived, else to what the try came
 * to, in a sentence that does not hold the address. Throws `forbidden`.
 */
export function createWebhookTest({ db, now, alerts, audit }: WebhookTestOptions) {
  return async (account: Account): Promise<string | null> => {
    demand(account, 'change-settings');
    const event = {
      id: `webhook.test/${Bun.randomUUIDv7()}`,
      type: 'webhook.test',
      at: now(),
      data: { by: account.name },
    };
    alerts.raise(event);
    await alerts.flush();
    // Another round may have been under way, which this event was too late for.
    if ((await findDelivery(db, event.id))?.tries === 0) await alerts.flush();
    const delivery = await findDelivery(db, event.id);
    const outcome = delivery?.deliveredAt != null ? null : (delivery?.lastError ?? 'It was not sent yet.');
    const subject = { kind: 'gateway', id: null, name: null } as const;
    audit.write({ actor: account, action: 'webhook.test', subject, details: { arrived: outcome === null } });
    return outcome;
  };
}
