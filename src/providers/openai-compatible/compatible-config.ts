import { z } from 'zod';
import { CustomModel, toModel } from '../../../registry/custom-model.ts';
import type { Model } from '../../../registry/schema.ts';
import { tryParseJson } from '../../lib/json.ts';
import { Secret } from '../../lib/secret.ts';
import { findBaseUrlProblem } from '../base-url.ts';
import type { Provider } from '../provider.ts';
import { createOpenAiCompatible } from './index.ts';

const RESERVED = ['openai', 'anthropic', 'google'];
/** Servers without authentication still get a header; this is what stands in it. */
export const KEYLESS = 'none';

const HeaderName = z.string().regex(/^[!#$%&'*+.^_`|~0-9a-z-]+$/i, 'is not a header name');
const HeaderValue = z.string().regex(/^[\t\x20-\x7e]*$/, 'must be printable ASCII on one line');

const CompatibleProviderEntry = z
  .strictObject({
    /** Stands before the slash in `provider/model`. */
    id: z
      .string()
      .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens, such as my-server')
      .refine((id) => !RESERVED.includes(id), 'is the name of a built-in provider; choose another'),
    name: z.string().min(1).optional(),
    baseUrl: z.string().superRefine((given, context) => {
      const problem = findBaseUrlProblem(given);
      if (problem) context.addIssue({ code: 'custom', message: problem });
    }),
    /** The key itself. */
    apiKey: z
      .string()
      .min(1)
      .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')
      .optional(),
    /** The name of the environment variable that holds the key. */
    apiKeyEnv: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable')
      .optional(),
    headers: z.record(HeaderName, HeaderValue).optional(),
    maxTokensField: z.enum(['max_tokens', 'max_completion_tokens']).optional(),
    models: z.array(CustomModel).min(1, 'must list at least one model'),
  })
  .refine(({ apiKey, apiKeyEnv }) => apiKey === undefined || apiKeyEnv === undefined, {
    path: ['apiKeyEnv'],
    message: 'must not be given together with apiKey',
  });

/** The operator's `data/providers.json`, strictly. */
export const CompatibleProvidersFile = z
  .strictObject({ providers: z.array(CompatibleProviderEntry) })
  .superRefine(({ providers }, context) => {
    for (const { path, id } of repeatedIds(providers)) {
      context.addIssue({ code: 'custom', path: ['providers', ...path], message: `"${id}" is used twice` });
    }
  });

/** A provider of the operator's own, with the models it serves. */
export interface CompatibleProvider {
  provider: Provider;
  key: { type: 'literal'; value: Secret } | { type: 'environment'; name: string };
  models: Model[];
}

/** Reads the file's text. Throws one Error that names the file and every mistake in it, each with its field. */
export function parseCompatibleProviders(text: string, fileName: string): CompatibleProvider[] {
  const json = tryParseJson(text);
  if (json === undefined) throw new Error(`${fileName} is not valid JSON.`);
  const parsed = CompatibleProvidersFile.safeParse(json);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message }) => `  ${z.core.toDotPath(path) || 'the file'}: ${message}`,
    );
    throw new Error(`${fileName} has mistakes:\n${problems.join('\n')}`);
  }
  return parsed.data.providers.map(toProvider);
}

type Read = { server: CompatibleProvider } | { problem: { param: string; message: string } };

/** Reads one entry as it stands in the file, or says what is wrong with it first. */
export function readCompatibleProvider(entry: unknown): Read {
  const parsed = CompatibleProviderEntry.safeParse(entry);
  if (parsed.success) {
    const [repeated] = repeatedIds([parsed.data]);
    if (!repeated) return { server: toProvider(parsed.data) };
    return { problem: { param: 'models', message: `models: "${repeated.id}" is used twice` } };
  }
  const [issue] = parsed.error.issues;
  const param = z.core.toDotPath(issue?.path ?? []);
  return { problem: { param: param.replace(/^name$/, 'label'), message: `${param}: ${issue?.message}` } };
}

/** The key to call it with; `undefined` while the environment variable it names is not set. */
export function findCompatibleKey(
  { key }: CompatibleProvider,
  env: Record<string, string | undefined>,
): Secret | undefined {
  if (key.type === 'literal') return key.value;
  const value = env[key.name]?.trim();
  return value ? new Secret(value) : undefined;
}

function toProvider(entry: z.infer<typeof CompatibleProviderEntry>): CompatibleProvider {
  const { id, name, apiKey, apiKeyEnv, headers = {}, models } = entry;
  const lowerCase = Object.fromEntries(Object.entries(headers).map(([header, value]) => [header.toLowerCase(), value]));
  return {
    provider: createOpenAiCompatible({ ...entry, label: name ?? id, headers: lowerCase }),
    key: apiKeyEnv
      ? { type: 'environment', name: apiKeyEnv }
      : { type: 'literal', value: new Secret(apiKey ?? KEYLESS) },
    models: models.map((model) => toModel(model, id)),
  };
}

function repeatedIds(
  providers: z.infer<typeof CompatibleProviderEntry>[],
): { path: (string | number)[]; id: string }[] {
  const repeated: { path: (string | number)[]; id: string }[] = [];
  const seen = new Set<string>();
  const note = (key: string, id: string, path: (string | number)[]) => {
    if (seen.has(key)) repeated.push({ path, id });
    seen.add(key);
  };
  for (const [index, provider] of providers.entries()) {
    note(provider.id, provider.id, [index, 'id']);
    for (const [at, model] of provider.models.entries()) {
      note(`${provider.id}/${model.id}`, model.id, [index, 'models', at, 'id']);
    }
  }
  return repeated;
}
