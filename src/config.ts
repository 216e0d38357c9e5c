import { z } from 'zod';
import { Secret } from './lib/secret.ts';
import { isTimeZone } from './lib/time-zone.ts';
import { parseTrustedProxies } from './lib/trusted-proxies.ts';

/** Longer times would overflow a timer and fire at once. */
const DAY_SECONDS = 86_400;
const MEBIBYTE = 1024 * 1024;
/** Whole nano-dollars of it are exact. */
const MAX_BUDGET_USD = 1_000_000;

const secret = z.string().transform((value) => new Secret(value));
const baseUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .refine((url) => !URL.parse(url)?.username && !URL.parse(url)?.password, 'must not hold a user name or password');
const proxies = z.string().transform((text, context) => {
  try {
    return parseTrustedProxies(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'is no list of addresses' });
    return z.NEVER;
  }
});
const webhookUrl = baseUrl.transform((url) => new URL(url));
const count = z.coerce.number().int().nonnegative();
/** At most a hundred years. */
const days = count.max(36_500);

const settings = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(8000),
  HOST: z.string().default('127.0.0.1'),
  DATA_DIR: z.string().default('data'),
  TRUSTED_PROXIES: proxies.default(() => () => false),
  PUBLISHED_PORT: z.coerce.number().int().min(1).max(65535).optional(),
  PUBLIC_URL: baseUrl
    .refine((url) => !/[?#]/.test(url), 'must not hold a query or a fragment')
    .refine((url) => /^(\/[\w.~-]+)*\/?$/.test(URL.parse(url)?.pathname ?? ''), 'must have a plain path')
    .optional(),

  OPENAI_API_KEY: secret.optional(),
  ANTHROPIC_API_KEY: secret.optional(),
  GEMINI_API_KEY: secret.optional(),
  OPENAI_BASE_URL: baseUrl.optional(),
  ANTHROPIC_BASE_URL: baseUrl.optional(),
  GEMINI_BASE_URL: baseUrl.optional(),
  SIMULATOR: z.enum(['auto', 'on', 'off']).default('auto'),

  DEFAULT_STRATEGY: z.enum(['cost', 'quality', 'speed', 'balanced']).default('balanced'),
  BASELINE_MODEL: z.string().optional(),
  REQUESTS_PER_MINUTE: count.default(3000),
  CACHE_TTL_SECONDS: count.default(3600),
  CACHE_MAX_MIB: count.default(64),
  SHADOW_SHARE_PERCENT: z.coerce.number().min(0).max(100).default(0),
  SHADOW_JUDGE_MODEL: z.string().optional(),
  SHADOW_MODEL: z.string().optional(),
  SHADOW_DAILY_BUDGET_USD: z.coerce.number().min(0).max(MAX_BUDGET_USD).default(1),
  MAX_BODY_MIB: z.coerce.number().positive().max(1024).default(32),
  PROVIDER_TIMEOUT_SECONDS: count.min(1).max(DAY_SECONDS).default(600),
  TIME_ZONE: z.string().refine(isTimeZone, 'must be a time zone such as Europe/Berlin').default('UTC'),
  REGISTRY_REFRESH: z.enum(['on', 'off']).default('on'),
  SHUTDOWN_SECONDS: count.max(DAY_SECONDS).default(30),

  REQUEST_RETENTION_DAYS: days.default(0),
  DETAIL_RETENTION_DAYS: days.default(30),
  BODY_RETENTION_DAYS: days.default(7),

  WEBHOOK_URL: webhookUrl.optional(),
  WEBHOOK_SECRET: z.string().min(16, 'must have at least 16 characters').pipe(secret).optional(),
  WEBHOOK_ALLOW_PRIVATE: z.enum(['on', 'off']).default('off'),
});

/** Every variable the gateway reads, for the test that holds `.env.example` against it. */
export const SETTING_NAMES = Object.keys(settings.shape);

export type Config = ReturnType<typeof loadConfig>;

/** Reads every setting once, at start. Throws one error that names all that is wrong. */
export function loadConfig(env: Record<string, string | undefined>) {
  // Docker Compose passes an unset variable as an empty string, which must mean "use the default".
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const parsed = settings.safeParse(given);
  if (!parsed.success) throw new Error(`Cannot start. ${describe(parsed.error)}`);
  const values = parsed.data;
  const webhook = webhookOf(values);

  return Object.freeze({
    port: values.PORT,
    host: values.HOST,
    dataDir: values.DATA_DIR,
    isTrustedProxy: values.TRUSTED_PROXIES,
    /** Where people find us when that is another port than ours, as that of a proxy in front of a container; null if not. */
    publishedPort: values.PUBLISHED_PORT ?? null,
    ...publicAddress(values.PUBLIC_URL),
    apiKeys: Object.freeze({
      openai: values.OPENAI_API_KEY,
      anthropic: values.ANTHROPIC_API_KEY,
      google: values.GEMINI_API_KEY,
    }),
    baseUrls: Object.freeze({
      openai: values.OPENAI_BASE_URL,
      anthropic: values.ANTHROPIC_BASE_URL,
      google: values.GEMINI_BASE_URL,
    }),
    simulator: values.SIMULATOR,
    defaultStrategy: values.DEFAULT_STRATEGY,
    /** Null = the catalogue's best model. */
    baselineModel: values.BASELINE_MODEL ?? null,
    /** For keys without a limit of their own; 0 = no limit. */
    requestsPerMinute: values.REQUESTS_PER_MINUTE,
    cacheTtlMs: values.CACHE_TTL_SECONDS * 1000,
    cacheMaxBytes: values.CACHE_MAX_MIB * MEBIBYTE,
    /** Comparisons of answers with another model's; off while there is no share or no judge. */
    shadow: Object.freeze({
      shadowPercent: values.SHADOW_SHARE_PERCENT,
      shadowJudge: values.SHADOW_JUDGE_MODEL ?? null,
      /** Null = another candidate of the same decision. */
      shadowModel: values.SHADOW_MODEL ?? null,
      shadowDailyUsd: values.SHADOW_DAILY_BUDGET_USD,
    }),
    maxBodyBytes: Math.round(values.MAX_BODY_MIB * MEBIBYTE),
    providerTimeoutMs: values.PROVIDER_TIMEOUT_SECONDS * 1000,
    /** In which daily jobs have their hour. */
    timeZone: values.TIME_ZONE,
    isRegistryRefreshed: values.REGISTRY_REFRESH === 'on',
    shutdownMs: values.SHUTDOWN_SECONDS * 1000,
    /** In days; 0 = for ever, or as long as the request. */
    retention: Object.freeze({
      requestDays: values.REQUEST_RETENTION_DAYS,
      detailDays: values.DETAIL_RETENTION_DAYS,
      bodyDays: values.BODY_RETENTION_DAYS,
    }),
    webhook,
  });
}

/** Whom to tell of events; null = nobody. A message without a signature could be anybody's. */
function webhookOf({
  WEBHOOK_URL: url,
  WEBHOOK_SECRET: secret,
  WEBHOOK_ALLOW_PRIVATE: own,
}: z.output<typeof settings>) {
  if (!url) return null;
  const complain = (complaint: string): Error => new Error(`Cannot start. These settings are wrong:\n  ${complaint}`);
  if (!secret)
    throw complain('WEBHOOK_SECRET: is needed to sign what is sent to WEBHOOK_URL; try `openssl rand -hex 32`');
  if (url.protocol === 'http:' && own === 'off') {
    throw complain(
      'WEBHOOK_URL: must be https; http only reaches this machine, and only with WEBHOOK_ALLOW_PRIVATE=on',
    );
  }
  return Object.freeze({ url, secret, allowsPrivate: own === 'on' });
}

/** Where people and programs reach us, without a slash at the end; null = as they asked. `basePath` is its path, or empty. */
function publicAddress(given: string | undefined): { publicUrl: string | null; basePath: string } {
  const url = given === undefined ? null : URL.parse(given);
  if (url === null) return { publicUrl: null, basePath: '' };
  const basePath = url.pathname.replace(/\/+$/, '');
  return { publicUrl: url.origin + basePath, basePath };
}

/** One line for each wrong variable, by name. Values are left out, because some of them are secrets. */
function describe(error: z.ZodError): string {
  const lines = error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  return `These settings are wrong:\n${lines.join('\n')}`;
}
