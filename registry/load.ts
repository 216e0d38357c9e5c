import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { findProblems } from './check.ts';
import { Model, RegistryFile } from './schema.ts';

export type Registry = ReturnType<typeof createRegistry>;

/** A catalogue that cannot be used. `problems` are all of them, each naming the file, the model and the field. */
export class RegistryError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'RegistryError';
    this.problems = problems;
  }
}

/** Reads the catalogue at `path`. Throws a RegistryError for what is in it, and the system's own error if it cannot be read. */
export async function loadRegistry(path: string): Promise<Registry> {
  return parseRegistry(await readFile(path, 'utf8'), path);
}

/** A catalogue from the text of its file. Throws one RegistryError with everything that is wrong. */
export function parseRegistry(text: string, fileName: string): Registry {
  return createRegistry(parseRegistryFile(text, fileName).models);
}

/** The same, as the data of the file. */
export function parseRegistryFile(text: string, fileName: string): RegistryFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new RegistryError([`${fileName}: not valid JSON: ${error instanceof Error ? error.message : String(error)}`]);
  }

  const parsed = RegistryFile.safeParse(json);
  const raw = rawModels(json);
  const issues = parsed.success ? [] : parsed.error.issues;
  const problems = issues.map((issue) => `${fileName}: ${nameField(issue.path, raw)}: ${issue.message}`);

  // What is well-formed is compared all the same, so that one run shows every mistake.
  const models = parsed.success ? parsed.data.models : raw.flatMap((model) => Model.safeParse(model).data ?? []);
  const ids = new Set(raw.flatMap((model) => readId(model) ?? []));
  for (const { model, field, message } of findProblems(models, ids)) {
    problems.push(`${fileName}: model "${model}": ${field}: ${message}`);
  }
  if (!parsed.success || problems.length > 0) throw new RegistryError(problems);
  return parsed.data;
}

/**
 * Answers questions about models, from memory. A name is an exact id, an exact alias or `provider/id`; where several fit, the
 * address with the provider wins, then ids before aliases, then the order of `models`. Nothing is matched by a part of it.
 */
export function createRegistry(models: readonly Model[]) {
  const byName = new Map<string, Model[]>();
  const add = (name: string, model: Model) => {
    const named = byName.get(name);
    if (!named) byName.set(name, [model]);
    else if (!named.includes(model)) named.push(model);
  };
  for (const model of models) add(`${model.provider}/${model.id}`, model);
  for (const model of models) for (const alias of model.aliases) add(`${model.provider}/${alias.id}`, model);
  for (const model of models) add(model.id, model);
  for (const model of models) for (const alias of model.aliases) add(alias.id, model);

  /** The model that answers for this one at a time (ms), or by its status where no time is given. */
  function follow(model: Model, at: number | undefined): Model {
    let current = model;
    // As many steps as there are models is enough for every chain that is no circle.
    for (let steps = 0; steps < models.length; steps++) {
      if (current.redirectsTo === null || !isGone(current, at)) return current;
      const next = byName.get(`${current.provider}/${current.redirectsTo}`)?.[0];
      if (!next) return current;
      current = next;
    }
    return current;
  }

  return {
    models,

    /**
     * The model of this name. Providers answer for some retired ids with another model and bill that one: it is returned
     * from the day of the redirect on. Other retired models are still found, because old requests have to be priced.
     */
    find(name: string, at?: number): Model | undefined {
      const model = byName.get(name)?.[0];
      return model && follow(model, at);
    },

    /** Every model of this name, one for each provider that serves it. Redirects are not followed. */
    findAll(name: string): Model[] {
      return [...(byName.get(name) ?? [])];
    },

    /**
     * The models anybody may have a conversation with: they write text, and are not retired, redirected or by invitation
     * only. With a time (ms), those whose last day has come since the file was written are left out, too.
     */
    listActive(at?: number): Model[] {
      return models.filter(
        (model) => model.status !== 'limited' && model.modalities.out.includes('text') && !isGone(model, at),
      );
    },
  };
}

/** Whether requests no longer reach the model itself. With a time, the announced last day decides over the status. */
function isGone({ status, retires }: Model, at: number | undefined): boolean {
  if (at !== undefined && Number.isFinite(at) && retires?.exact) return at >= Date.parse(retires.on);
  return status === 'retired' || status === 'redirected';
}

function nameField(path: PropertyKey[], raw: unknown[]): string {
  const [list, index, ...field] = path;
  if (list !== 'models' || typeof index !== 'number') return z.core.toDotPath(path) || 'the file';
  const label = readId(raw[index]) ?? `number ${index + 1}`;
  return `model "${label}": ${z.core.toDotPath(field) || 'the model'}`;
}

function rawModels(json: unknown): unknown[] {
  return z.object({ models: z.array(z.unknown()) }).safeParse(json).data?.models ?? [];
}

function readId(model: unknown): string | undefined {
  return z.object({ id: z.string() }).safeParse(model).data?.id;
}
