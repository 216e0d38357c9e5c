import type { Strategy } from './decision.ts';
import type { Scored } from './score.ts';

/**
 * What `balanced` pays for success: ten times the cost has to buy five points of it, ten times the time two. Decades and not
 * shares of the range, so that a candidate nobody would take does not change the order of the others.
 */
export const POINTS_PER_DECADE = { cost: 0.05, latency: 0.02 };
/** Below a hundred-thousandth of a dollar cost no longer matters, and a model that is free is no better than that. */
const LEAST_NANO_USD = 10_000;

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
      return [...scored].sort(inTurn(byFloor, byWorth, byCost, byName));
    default:
      return strategy satisfies never;
  }
}

/** How the providers of one and the same model are tried: cheapest first, unpriced last, and those at their limits after all. */
export function rankByCost(scored: readonly Scored[]): Scored[] {
  if (scored.length < 2) return [...scored];
  return [...scored].sort(inTurn(byRoom, byCost, byName));
}

/** Whether a strategy weighs costs, and so has no use for a model without a price. */
export function needsPrice(strategy: Strategy): boolean {
  return strategy === 'cost' || strategy === 'balanced';
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
const byRoom: Order = (a, b) => Number(a.scarceRoom !== null) - Number(b.scarceRoom !== null);
const bySuccess: Order = (a, b) => b.success - a.success;
/** Below the floor the best stand-in comes first, whatever it costs. */
const bySuccessBelowFloor: Order = (a, b) => (a.meetsFloor || b.meetsFloor ? 0 : bySuccess(a, b));
const byCost: Order = (a, b) => compare(a.weighedNanoUsd ?? Number.MAX_VALUE, b.weighedNanoUsd ?? Number.MAX_VALUE);
const byLatency: Order = (a, b) => compare(a.latencyMs, b.latencyMs);
const byWorth: Order = (a, b) => worthOf(b) - worthOf(a);
const byPriced: Order = (a, b) => Number(b.costNanoUsd !== null) - Number(a.costNanoUsd !== null);
const byRated: Order = (a, b) => Number(b.quality !== null) - Number(a.quality !== null);
const byName: Order = (a, b) => compare(nameOf(a), nameOf(b));

function worthOf({ success, weighedNanoUsd, latencyMs }: Scored): number {
  const cost = Math.log10(Math.max(weighedNanoUsd ?? 0, LEAST_NANO_USD));
  const latency = Math.log10(Math.max(latencyMs, 1));
  return success - POINTS_PER_DECADE.cost * cost - POINTS_PER_DECADE.latency * latency;
}

function nameOf({ entry: { model } }: Scored): string {
  return `${model.provider}/${model.id}`;
}

function compare(a: number | string, b: number | string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
