import type { ChatEvent } from '../../chat/event.ts';
import type { JsonObject } from '../../lib/json.ts';

/** Reads one item of `output`. Each function gives the events that its news make. */
export interface ItemReader {
  /** A fragment of a part; `part` is its index within the item. */
  add?(kind: FragmentKind, part: number, fragment: Fragment): ChatEvent[];
  /** What the fragments left out of the whole item. `null` where none came: what is open has to be closed then. */
  done(item: JsonObject | null): ChatEvent[];
}

export type FragmentKind = 'text' | 'refusal' | 'annotation' | 'summary' | 'content' | 'arguments' | 'input';

export interface Fragment {
  text: string;
  logprobs: unknown;
  annotation: unknown;
}
