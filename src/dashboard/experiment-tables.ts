import type { ShownExperiment } from '../../views/pages/routing-experiments.tsx';
import type { GatewayKeySummary } from '../db/queries/gateway-keys.ts';
import type { Experiments } from '../reports/experiments.ts';
import { MIX_DAYS } from './routing-data.ts';

/** So many keys' experiments stand on the page, and so many of the latest requests of each: the API tells of more. */
const SHOWN = 3;
const MOST_LOOKED_AT = 4_000;

/** The experiment that each of these keys has now, arm by arm, those included that nobody has come to. */
export async function experimentTables(
  keys: readonly GatewayKeySummary[],
  { results }: Pick<Experiments, 'results'>,
): Promise<ShownExperiment[]> {
  const tables: ShownExperiment[] = [];
  for (const { id: keyId, name: keyName, policy } of keys) {
    const experiment = policy?.experiment;
    if (!experiment || tables.length === SHOWN) continue;
    const { arms: found, isCut } = await results(keyId, MIX_DAYS, MOST_LOOKED_AT);
    const figuresOf = (arm: string) => found.find((one) => one.arm === `${experiment.name}/${arm}`) ?? null;
    const arms = experiment.arms.map(({ name, percent }) => ({ name, percent, figures: figuresOf(name) }));
    const rest = 100 - arms.reduce((sum, { percent }) => sum + percent, 0);
    tables.push({
      ...{ name: experiment.name, keyId, keyName, cutAt: isCut ? MOST_LOOKED_AT : null },
      arms: rest > 0 ? [...arms, { name: null, percent: rest, figures: figuresOf('rest') }] : arms,
    });
  }
  return tables;
}
