import { join } from 'node:path';
import type { RegistryFile } from '../../registry/schema.ts';
import { startSimulator } from '../../src/providers/simulator/index.ts';
import { startGateway } from '../gateway.ts';
import { PROVIDERS } from './providers.ts';
import { startWitness } from './witness.ts';

const CATALOGUE = join(import.meta.dir, '../../registry/models.json');

export type House = Awaited<ReturnType<typeof startHouse>>;

/** A gateway whose providers are the simulator, with a witness between the two, and without a cache. */
export async function startHouse() {
  const simulator = startSimulator({ gapMs: 0 });
  const witness = startWitness(new URL(simulator.url('openai')).origin);
  const gateway = await startGateway({
    env: {
      CACHE_TTL_SECONDS: '0',
      REQUESTS_PER_MINUTE: '0',
      OPENAI_API_KEY: 'sk-test',
      ANTHROPIC_API_KEY: 'sk-ant-test',
      GEMINI_API_KEY: 'test',
      OPENAI_BASE_URL: `${witness.url}/openai/v1`,
      ANTHROPIC_BASE_URL: `${witness.url}/anthropic/v1`,
      GEMINI_BASE_URL: `${witness.url}/google/v1beta`,
    },
    files: { 'models.json': await catalogue() },
  });

  return {
    gateway,
    witness,
    async stop(): Promise<void> {
      await gateway.stop();
      witness.stop();
      await simulator.stop();
    },
  };
}

/** The shipped catalogue, with the models of the table served through one format only, so that a row is what it says. */
async function catalogue(): Promise<string> {
  const file: RegistryFile = await Bun.file(CATALOGUE).json();
  const dialects = new Map(
    PROVIDERS.flatMap(({ model, thinkingModel, dialect }) => [
      [model, dialect],
      [thinkingModel, dialect],
    ]),
  );
  const models = file.models.map((model) => {
    const dialect = dialects.get(model.id);
    return dialect ? { ...model, dialects: [dialect] } : model;
  });
  return JSON.stringify({ ...file, generatedAt: '2100-01-01T00:00:00Z', models });
}
