import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const ROOT = join(import.meta.dir, '../..');

const dependency = z.object({ condition: z.string() });

/** What our compose file uses of the format, and nothing else: a word that is not here is a mistake, or has to be understood. */
const service = z.strictObject({
  image: z.string(),
  build: z.strictObject({ context: z.literal('.'), target: z.string() }),
  restart: z.literal('unless-stopped'),
  read_only: z.boolean(),
  tmpfs: z.array(z.string()),
  cap_drop: z.array(z.string()),
  cap_add: z.array(z.string()).default([]),
  security_opt: z.array(z.string()),
  logging: z.strictObject({ driver: z.string(), options: z.record(z.string(), z.string()) }),
  user: z.string().optional(),
  env_file: z.array(z.strictObject({ path: z.string(), required: z.boolean() })).default([]),
  environment: z.record(z.string(), z.coerce.string()).default({}),
  expose: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  extra_hosts: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  ulimits: z.record(z.string(), z.number()),
  stop_grace_period: z.string().regex(/^\d+s$/),
  depends_on: z.record(z.string(), dependency).default({}),
});

export type ComposeService = z.infer<typeof service>;

const file = z.looseObject({ services: z.record(z.string(), service) });

/** The services of `docker-compose.yml` as Compose understands them, with variables taken from `env`. */
export async function readCompose(env: Record<string, string> = {}): Promise<Record<string, ComposeService>> {
  const text = await Bun.file(join(ROOT, 'docker-compose.yml')).text();
  return file.parse(parse(interpolate(text, env), { merge: true })).services;
}

function interpolate(text: string, env: Record<string, string>): string {
  return text.replace(/\$\{(\w+):-([^}]*)\}/g, (_, name: string, fallback: string) => env[name] || fallback);
}
