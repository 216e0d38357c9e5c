import type { Strategy } from './decision.ts';
import type { Scored } from './score.ts';

/** What expected success is worth against cost and time, both put on a scale from the least to the most among the candidates. */
const BALANCE = { cost: 0.25, latency: 0.05 };

type Order = (a: Scored, b: Scored) => number;

/** The models that can be compared under a strategy, best first. Equal ones stand in the order of their names. */
export function rank(scored: readonly Scored[], strategy: Strategy): Scored[] {
  switch (strategy) {
    case 'cost':
      return [...scored].sort(inTurn(byFloor, bySuccessBelowFloor, byCost, bySuccess, byName));
    case 'quality':
      return [...scored].sort(inTurn(byPriced, byRated, bySuccess, byCost, byName));
    case 'speed':
      return [...scored].sort(inTurn(byPriced, byFloor, bySuccessBelowFloor, byLatency, byCost, byName));
    case 'balanced':
      return rankBalanced(scored);
    default:
      return strategy satisfies never;
  }
}

/** Cheapest first, unpriced last: how the providers of one and the same model are tried. */
export function rankByCost(scored: readonly Scored[]): Scored[] {
  return [...scored].sort(inTurn(byCost, byName));
}

/** Whether a strategy weighs costs, and so has no use for a model without a price. */
export function needsPrice(strategy: Strategy): boolean {
  return strategy === 'cost' || strategy === 'balanced';
}

function rankBalanced(scored: readonly Scored[]): Scored[] {
  const costShare = shareBy(scored, (each) => Math.log1p(each.costNanoUsd ?? 0));
  const latencyShare = shareBy(scored, (each) => each.latencyMs);
  const worth = new Map(
    scored.map((each) => [
      each,
      each.success - BALANCE.cost * costShare(each) - BALANCE.latency * latencyShare(each),
    ]),
  );
  const byWorth: Order = (a, b) => (worth.get(b) ?? 0) - (worth.get(a) ?? 0);
  return [...scored].sort(inTurn(byWorth, byCost, byName));
}

/** Where a value stands between the least (0) and the most (1) of all. */
function shareBy(scored: readonly Scored[], valueOf: (each: Scored) => number): (each: Scored) => number {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const each of scored) {
    least = Math.min(least, valueOf(each));
    most = Math.max(most, valueOf(each));
  }
  return (each) => (most > least ? (valueOf(each) - least) / (most - least) : 0);
}

function inTurn(...orders: Order[]): Order {
  return (a, b) => {
    for (const order of orders) {
      const difference = order(a, b);
      if (difference !== 0) return difference;
    }
    return 0;
  };
}

const byFloor: Order = (a, b) => Number(b.meetsFloor) - Number(a.meetsFloor);
const bySuccess: Order = (a, b) => b.success - a.success;
/** Below the floor the best stand-in comes first, whatever it costs. */
const bySuccessBelowFloor: Order = (a, b) => (a.meetsFloor || b.meetsFloor ? 0 : bySuccess(a, b));
const byCost: Order = (a, b) => compare(a.costNanoUsd ?? Number.MAX_VALUE, b.costNanoUsd ?? Number.MAX_VALUE);
const byLatency: Order = (a, b) => compare(a.latencyMs, b.latencyMs);
const byPriced: Order = (a, b) => Number(b.costNanoUsd !== null) - Number(a.costNanoUsd !== null);
const byRated: Order = (a, b) => Number(b.quality !== null) - Number(a.quality !== null);
const byName: Order = (a, b) => compare(nameOf(a), nameOf(b));

function nameOf({ entry: { model } }: Scored): string {
  return `${model.provider}/${model.id}`;
}

function compare(a: number | string, b: number | string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
