import { type CallIds, createCallIds } from '../call-ids.ts';
import { type Breakpoints, createBreakpoints } from './cache-control.ts';
import { legalCallId } from './call-ids.ts';

/** What the parts of one rendered request share. */
export interface Rendering {
  breakpoints: Breakpoints;
  ids: CallIds;
  /** The dialect the request came in: its own citations and blocks may go back to it. */
  from: string;
  /** Notes, in our words, what this wire cannot say. */
  drop(name: string): void;
  dropped(): string[];
}

/** Made anew for each request, because ids and markers are counted within one. */
export function createRendering(from: string): Rendering {
  const names = new Set<string>();
  return {
    breakpoints: createBreakpoints(),
    ids: createCallIds(legalCallId),
    from,
    drop: (name) => void names.add(name),
    dropped: () => [...names],
  };
}
