import { z } from 'zod';

const COMPLEXITIES = ['simple', 'moderate', 'complex', 'expert'] as const;
const STRATEGIES = ['cost', 'quality', 'speed', 'balanced'] as const;
const MODELS = z.array(z.string().trim().min(1).max(200)).min(1).max(200);
const NAME = z.string().trim().min(1).max(60);

const choice = {
  strategy: z.enum(STRATEGIES).optional(),
  qualityTolerance: z.number().min(0).max(0.1).optional(),
  /** Work is taken for at least this hard. */
  minComplexity: z.enum(COMPLEXITIES).optional(),
  allowedModels: MODELS.optional(),
  deniedModels: MODELS.optional(),
  /** False = answers are never compared with another model's. */
  shadow: z.boolean().optional(),
};

/** What part of a key's requests is chosen for in another way, to see what becomes of them. */
const experiment = z
  .strictObject({
    name: NAME,
    /** One caller stays in one arm: by conversation, or by the metadata of this name. */
    stickyBy: z.string().min(1).max(60).default('conversation'),
    arms: z
      .array(z.strictObject({ name: NAME, percent: z.number().min(0).max(100), ...choice }))
      .min(1)
      .max(10),
  })
  .refine(
    ({ arms }) => arms.reduce((sum, { percent }) => sum + percent, 0) <= 100,
    'The arms add up to more than 100 %.',
  );

/** How a key's requests are routed where the gateway chooses, as data. What is left out is as it would be without. */
export const RoutePolicy = z.strictObject({
  ...choice,
  /** The first rule that matches a request adds to the above. */
  rules: z
    .array(
      z.strictObject({
        name: NAME,
        when: z.strictObject({
          /** `code`, `math`, or what a request is about, such as `law`. */
          kinds: z.array(z.string().min(1).max(40)).min(1).optional(),
          /** Every one of them has to be said by the caller; names are the same in small and large letters. */
          metadata: z.record(z.string().min(1).max(60), z.string().max(200)).optional(),
        }),
        ...choice,
      }),
    )
    .max(50)
    .default([]),
  experiment: experiment.optional(),
});
export type RoutePolicy = z.infer<typeof RoutePolicy>;

/** What one request is chosen by, once a policy has been read for it. */
export interface RouteRules {
  strategy?: (typeof STRATEGIES)[number] | undefined;
  qualityTolerance?: number | undefined;
  minComplexity?: (typeof COMPLEXITIES)[number] | undefined;
  /** Each list narrows the one before. */
  allowedModels: string[][];
  deniedModels: string[];
  /** False as soon as anything of the policy says so. */
  shadow?: boolean | undefined;
  /** The rule that matched, and `experiment/arm`. */
  rule: string | null;
  arm: string | null;
}

export interface PolicyQuestion {
  kinds: readonly string[];
  /** By name in small letters. */
  metadata: Readonly<Record<string, string>>;
  /** Tells one conversation from another. */
  conversation: string;
}

const ARM_STEPS = 10_000;

/** Reads a policy for one request. The same caller always gets the same arm of an experiment. */
export function applyPolicy(policy: RoutePolicy, { kinds, metadata, conversation }: PolicyQuestion): RouteRules {
  const rule = policy.rules.find(({ when }) => {
    const isKind = when.kinds === undefined || when.kinds.some((kind) => kinds.includes(kind));
    return (
      isKind && Object.entries(when.metadata ?? {}).every(([name, value]) => metadata[name.toLowerCase()] === value)
    );
  });
  const arm = armOf(policy, { metadata, conversation });
  const rules: RouteRules = { allowedModels: [], deniedModels: [], rule: rule?.name ?? null, arm: arm?.title ?? null };
  for (const one of [policy, rule, arm?.choice]) {
    if (!one) continue;
    rules.strategy = one.strategy ?? rules.strategy;
    rules.qualityTolerance = one.qualityTolerance ?? rules.qualityTolerance;
    rules.minComplexity = harder(rules.minComplexity, one.minComplexity);
    if (one.allowedModels) rules.allowedModels.push(one.allowedModels);
    rules.deniedModels.push(...(one.deniedModels ?? []));
    if (one.shadow === false) rules.shadow = false;
  }
  return rules;
}

function armOf({ experiment }: RoutePolicy, { metadata, conversation }: Omit<PolicyQuestion, 'kinds'>) {
  if (!experiment) return null;
  const sticky =
    experiment.stickyBy === 'conversation'
      ? conversation
      : (metadata[experiment.stickyBy.toLowerCase()] ?? conversation);
  const at = (Bun.hash.xxHash32(`${experiment.name} ${sticky}`) % ARM_STEPS) / (ARM_STEPS / 100);
  let from = 0;
  for (const arm of experiment.arms) {
    if (at >= from && at < from + arm.percent) return { title: `${experiment.name}/${arm.name}`, choice: arm };
    from += arm.percent;
  }
  return { title: `${experiment.name}/rest`, choice: null };
}

function harder(a: RouteRules['minComplexity'], b: RouteRules['minComplexity']): RouteRules['minComplexity'] {
  if (!a || !b) return a ?? b;
  return COMPLEXITIES.indexOf(a) > COMPLEXITIES.indexOf(b) ? a : b;
}
