import { z } from 'zod';
import { type Account, type Audit, demand } from '../accounts/index.ts';
import type { Db } from '../db/client.ts';
import { deleteSetting, listSettings, saveSetting } from '../db/queries/settings.ts';
import { GatewayError } from '../errors.ts';

const PREFIX = 'setting:';
const MAX_DAYS = 36_500;

const count = (most: number) => z.coerce.number().int().min(0).max(most);
const amount = (most: number) => z.coerce.number().min(0).max(most);
const filled = z.string().trim().min(1).max(200);

/** What can be changed while the gateway runs, and the environment's name for it. */
const DEFINITIONS = {
  defaultStrategy: { variable: 'DEFAULT_STRATEGY', schema: z.enum(['cost', 'quality', 'speed', 'balanced']) },
  baselineModel: { variable: 'BASELINE_MODEL', schema: filled.nullable() },
  requestsPerMinute: { variable: 'REQUESTS_PER_MINUTE', schema: count(1_000_000_000) },
  cacheTtlSeconds: { variable: 'CACHE_TTL_SECONDS', schema: count(30 * 86_400) },
  cacheMaxMib: { variable: 'CACHE_MAX_MIB', schema: count(65_536) },
  requestDays: { variable: 'REQUEST_RETENTION_DAYS', schema: count(MAX_DAYS) },
  detailDays: { variable: 'DETAIL_RETENTION_DAYS', schema: count(MAX_DAYS) },
  shadowPercent: { variable: 'SHADOW_SHARE_PERCENT', schema: amount(100) },
  shadowJudge: { variable: 'SHADOW_JUDGE_MODEL', schema: filled.nullable() },
  shadowModel: { variable: 'SHADOW_MODEL', schema: filled.nullable() },
  shadowDailyUsd: { variable: 'SHADOW_DAILY_BUDGET_USD', schema: amount(1_000_000) },
} as const;

/** Names of models of the catalogue. */
const MODELS: ReadonlySet<string> = new Set(['baselineModel', 'shadowJudge', 'shadowModel']);

export type SettingName = keyof typeof DEFINITIONS;

export const SETTING_NAMES = Object.keys(DEFINITIONS).filter((name): name is SettingName => name in DEFINITIONS);

const values = z.object({
  defaultStrategy: DEFINITIONS.defaultStrategy.schema,
  baselineModel: DEFINITIONS.baselineModel.schema,
  requestsPerMinute: DEFINITIONS.requestsPerMinute.schema,
  cacheTtlSeconds: DEFINITIONS.cacheTtlSeconds.schema,
  cacheMaxMib: DEFINITIONS.cacheMaxMib.schema,
  requestDays: DEFINITIONS.requestDays.schema,
  detailDays: DEFINITIONS.detailDays.schema,
  shadowPercent: DEFINITIONS.shadowPercent.schema,
  shadowJudge: DEFINITIONS.shadowJudge.schema,
  shadowModel: DEFINITIONS.shadowModel.schema,
  shadowDailyUsd: DEFINITIONS.shadowDailyUsd.schema,
});

export type SettingValues = z.output<typeof values>;

/** A setting and where its value comes from: `environment` wins and cannot be changed here. */
export interface Setting {
  name: SettingName;
  variable: string;
  value: string | number | null;
  source: 'environment' | 'default' | 'here';
}

interface SettingsOptions {
  db: Db;
  /** The values of the environment, and of the defaults where it says nothing. */
  base: SettingValues;
  /** Whether the environment says something. */
  isGiven: (variable: string) => boolean;
  isModel: (name: string) => boolean;
  /** Called after every change, before the promise of it resolves. */
  onChange?: ((values: SettingValues) => void) | undefined;
  onAudit?: Audit | undefined;
}

export type Settings = ReturnType<typeof createSettings>;

/**
 * What an admin can change without a restart, kept in the database. One rule: what the environment says wins, and is not to
 * be changed here; else what was set here; else the default.
 */
export function createSettings({ db, base, isGiven, isModel, onChange, onAudit }: SettingsOptions) {
  let here: { [Name in SettingName]?: SettingValues[Name] | undefined } = {};
  let current = merge();

  /** To be called once, before the first question: what was set here earlier. */
  async function load(): Promise<void> {
    const rows = await listSettings(db, PREFIX);
    const stored = new Map(rows.map(({ name, value }) => [name.slice(PREFIX.length), value]));
    // What an older or newer version has stored, and this one does not understand, is as if it were not there.
    const understood = SETTING_NAMES.flatMap((name) => {
      const { variable, schema } = DEFINITIONS[name];
      const parsed = schema.safeParse(stored.get(name));
      return stored.has(name) && parsed.success && !isGiven(variable) ? [[name, parsed.data]] : [];
    });
    here = values.partial().parse(Object.fromEntries(understood));
    current = merge();
  }

  /** The environment's own values are not judged again: it may go further than a form. */
  function merge(): SettingValues {
    return {
      defaultStrategy: here.defaultStrategy ?? base.defaultStrategy,
      baselineModel: here.baselineModel ?? base.baselineModel,
      requestsPerMinute: here.requestsPerMinute ?? base.requestsPerMinute,
      cacheTtlSeconds: here.cacheTtlSeconds ?? base.cacheTtlSeconds,
      cacheMaxMib: here.cacheMaxMib ?? base.cacheMaxMib,
      requestDays: here.requestDays ?? base.requestDays,
      detailDays: here.detailDays ?? base.detailDays,
      shadowPercent: here.shadowPercent ?? base.shadowPercent,
      shadowJudge: here.shadowJudge ?? base.shadowJudge,
      shadowModel: here.shadowModel ?? base.shadowModel,
      shadowDailyUsd: here.shadowDailyUsd ?? base.shadowDailyUsd,
    };
  }

  function list(): Setting[] {
    return SETTING_NAMES.map((name) => {
      const { variable } = DEFINITIONS[name];
      const source = isGiven(variable) ? 'environment' : here[name] === undefined ? 'default' : 'here';
      return { name, variable, value: current[name], source };
    });
  }

  /**
   * Sets some of them; null or an empty text goes back to the default. All are changed or none. Throws `forbidden`, or
   * `invalid_request` that names the setting.
   */
  async function change(account: Account, request: Readonly<Record<string, unknown>>): Promise<Setting[]> {
    demand(account, 'change-settings');
    const wishes = Object.entries(request).map(([name, value]) => checkWish(name, value));
    const before = current;
    for (const { name, value } of wishes) {
      if (value === null) await deleteSetting(db, PREFIX + name);
      else await saveSetting(db, PREFIX + name, String(value));
    }
    await load();
    onChange?.(current);
    const changed = SETTING_NAMES.filter((name) => before[name] !== current[name]);
    const details = Object.fromEntries(changed.map((name) => [name, [before[name], current[name]]]));
    const subject = { kind: 'settings', id: null, name: null } as const;
    if (changed.length > 0) onAudit?.({ actor: account, action: 'settings.change', subject, details });
    return list();
  }

  function checkWish(given: string, value: unknown): { name: SettingName; value: string | number | null } {
    const name = SETTING_NAMES.find((each) => each === given);
    if (!name) throw new GatewayError('invalid_request', `There is no setting "${given}".`, { param: given });
    const { variable, schema } = DEFINITIONS[name];
    if (isGiven(variable)) {
      const message = `${variable} is set in the environment of the gateway, which wins. Change it there.`;
      throw new GatewayError('forbidden', message, { param: name });
    }
    if (value === null || (typeof value === 'string' && value.trim() === '')) return { name, value: null };
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw new GatewayError('invalid_request', wrong(name), { param: name });
    if (MODELS.has(name) && !isModel(String(parsed.data))) {
      throw new GatewayError('invalid_request', 'There is no such model in the catalogue.', { param: name });
    }
    return { name, value: parsed.data };
  }

  return { load, current: () => current, list, change };
}

function wrong(name: SettingName): string {
  if (name === 'defaultStrategy') return 'A strategy is one of cost, quality, speed, balanced.';
  if (name === 'shadowPercent') return 'A share is a number from 0 to 100.';
  if (name === 'shadowDailyUsd') return 'A budget is a number of dollars, and not as large as this.';
  return 'This is a whole number, and not as large as this.';
}
