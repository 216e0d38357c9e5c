import type { Registry } from '../../../registry/load.ts';
import { costOf, findPriceRow } from '../../../registry/price.ts';
import type { Model } from '../../../registry/schema.ts';
import type { Expectation } from '../../chat/expectation.ts';
import { NO_USAGE } from '../../chat/usage.ts';
import { GatewayError } from '../../errors.ts';
import type { Allowance, Candidate } from './decision.ts';
import { findModels, nameOnWire, notAllowed, readAuto, shorten, unknownModel } from './resolve-model.ts';

export interface NamedQuestion {
  /** As the client wrote it. */
  model: string;
  fallbackModels: readonly string[];
  /** An estimate, in tokens of a tokenizer with factor 1. */
  promptTokens: number;
  /** What whoever asks may use; everything where it is left out. */
  allowance?: Allowance | undefined;
}

interface Options extends NamedQuestion {
  registry: Registry;
  isConnected: (providerId: string) => boolean;
  /** How an operator gives this provider a key, as a sentence. */
  keyHint: (providerId: string) => string;
  at: number;
}

/**
 * Who is to make vectors: the model named, from whoever offers it, cheapest first, and after it those named as fallbacks.
 * Throws `unknown_model`, `no_provider` or `unsupported` when nobody of them can be asked, and `model_not_allowed`.
 */
export function chooseEmbedder(options: Options): Candidate[] {
  const { model, fallbackModels, registry } = options;
  if (readAuto(model)) {
    const reason = 'Vectors of different models cannot be compared, so the gateway does not choose one';
    throw new GatewayError('unsupported', `${reason}; name an embedding model.`, { param: 'model' });
  }
  const named = findModels(model, options);
  if (named.length === 0) throw unknownModel(model, registry);

  const forbidden = named.every((each) => options.allowance?.admits(each) === false) ? named[0] : undefined;
  if (forbidden) throw notAllowed(forbidden);

  const chosen = allowed(named, options);
  for (const name of fallbackModels) {
    for (const each of allowed(findModels(name, options), options)) if (!chosen.includes(each)) chosen.push(each);
  }
  if (chosen.length === 0) throw mostUseful(named, options);
  return chosen.map((each) => candidateFor(each, { ...options, asked: [model, ...fallbackModels] }));
}

/**
 * Everybody who could count a chat for the model named; empty when the gateway is to choose the model. Throws
 * `unknown_model`, `model_not_allowed`, and `invalid_request` for an `auto:` that is none.
 */
export function findCounters(options: Omit<Options, 'fallbackModels' | 'keyHint' | 'promptTokens'>): Candidate[] {
  const { model, registry, allowance } = options;
  if (readAuto(model)) return [];
  const all = findModels(model, options);
  if (all.length === 0) throw unknownModel(model, registry);
  const named = all.filter((each) => allowance?.admits(each) ?? true);
  if (named.length === 0 && all[0]) throw notAllowed(all[0]);
  const retired = named.every(({ status }) => status === 'retired') ? named[0] : undefined;
  if (retired) throw isGone(retired);
  return named
    .filter(({ status }) => status !== 'retired')
    .map((each) => candidateFor(each, { asked: [model], promptTokens: 0, at: options.at }));
}

function allowed(models: readonly Model[], options: Options): Model[] {
  const left = models.filter((model) => refuse(model, options) === null);
  return left.sort((a, b) => inputPrice(a, options.at) - inputPrice(b, options.at));
}

function refuse(model: Model, { isConnected, keyHint, allowance }: Options): GatewayError | null {
  if (model.status === 'retired') return isGone(model);
  if (allowance?.admits(model) === false) return notAllowed(model);
  const name = shorten(model.id);
  if (!canEmbed(model)) {
    return new GatewayError('unsupported', `The model "${name}" answers chats; it does not make embeddings.`, {
      param: 'model',
    });
  }
  if (isConnected(model.provider)) return null;
  const reason = `The model "${name}" is offered by ${model.provider}, for which the gateway has no key.`;
  return new GatewayError('no_provider', `${reason} ${keyHint(model.provider)}`, { param: 'model' });
}

/** Of their own models operators tell what they like; what is not told is unknown, not impossible. */
function canEmbed({ modalities, provenance }: Model): boolean {
  return modalities.out.includes('embedding') || provenance.parser === 'operator';
}

function mostUseful(models: readonly Model[], options: Options): GatewayError {
  const refusals = models.flatMap((model) => refuse(model, options) ?? []);
  return (
    refusals.find(({ code }) => code === 'no_provider') ??
    refusals.find(({ code }) => code === 'unsupported') ??
    refusals[0] ??
    new GatewayError('no_candidate', 'No model is left to answer this request.')
  );
}

function isGone({ id, replacement }: Model): GatewayError {
  const hint = replacement === null ? '' : ` "${shorten(replacement)}" replaces it.`;
  return new GatewayError('unknown_model', `The model "${shorten(id)}" has been retired.${hint}`, { param: 'model' });
}

interface Asked {
  asked: readonly string[];
  promptTokens: number;
  at: number;
}

function candidateFor(model: Model, { asked, ...load }: Asked): Candidate {
  const name = nameOnWire(asked, model);
  return { model, providerId: model.provider, name, expected: expectationOf(model, load) };
}

/** There is no reply that could become longer: what is expected is also the most. */
function expectationOf(model: Model, { promptTokens, at }: Omit<Asked, 'asked'>): Expectation {
  const tokens = Math.ceil(promptTokens * (model.tokenizer?.factor ?? 1));
  const { nanoUsd } = costOf({ model, usage: { ...NO_USAGE, input: tokens }, at });
  return { model: `${model.provider}/${model.id}`, tokens, costNanoUsd: nanoUsd, mostNanoUsd: nanoUsd };
}

function inputPrice(model: Model, at: number): number {
  return findPriceRow(model, { promptTokens: 1, at })?.rates.input ?? Number.POSITIVE_INFINITY;
}
