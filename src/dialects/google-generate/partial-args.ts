import type { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../lib/json.ts';
import { wirePartialArgument } from './wire-reply.ts';

const STEP = /\.([^.[\]]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/gy;

/**
 * Builds a call's arguments from the pieces Vertex streams: each says where in the object it belongs, by a JSON path,
 * and a string may come in several pieces. What does not fit is left out.
 */
export function createPartialArguments() {
  const args: JsonObject = {};
  /** The path of a string of which more is to come. */
  let openPath: string | undefined;

  function add(piece: unknown): void {
    const parsed = wirePartialArgument.safeParse(piece);
    if (!parsed.success) return;
    const { jsonPath, stringValue, willContinue } = parsed.data;
    const steps = parsePath(jsonPath);
    if (!steps) return;
    const place = findPlace(args, steps);
    if (!place) return;
    const before = jsonPath === openPath ? place.read() : undefined;
    place.write(typeof before === 'string' ? before + (stringValue ?? '') : readValue(parsed.data));
    openPath = willContinue ? jsonPath : undefined;
  }

  return { add, args };
}

function readValue(piece: z.infer<typeof wirePartialArgument>): unknown {
  return piece.stringValue ?? piece.numberValue ?? piece.boolValue ?? (piece.willContinue ? '' : null);
}

function parsePath(path: string): (string | number)[] | null {
  if (!path.startsWith('$') || path.length > 1000) return null;
  const steps: (string | number)[] = [];
  STEP.lastIndex = 1;
  while (STEP.lastIndex < path.length) {
    const match = STEP.exec(path);
    if (!match) return null;
    const [, name, position, single, double] = match;
    if (position !== undefined) steps.push(Number(position));
    else steps.push(name ?? (single ?? double ?? '').replace(/\\(.)/g, '$1'));
  }
  return steps.length > 0 ? steps : null;
}

/** The slot a path leads to, making the objects and lists on the way. */
function findPlace(root: JsonObject, steps: (string | number)[]) {
  let container: unknown = root;
  for (const [i, step] of steps.entries()) {
    const place = slotOf(container, step);
    if (!place || i === steps.length - 1) return place;
    const inner = place.read();
    if (typeof inner !== 'object' || inner === null) place.write(typeof steps[i + 1] === 'number' ? [] : {});
    container = place.read();
  }
  return null;
}

function slotOf(container: unknown, step: string | number) {
  if (Array.isArray(container)) {
    // Only the next free place, so that a huge index cannot make a huge list.
    if (typeof step !== 'number' || step > container.length) return null;
    return slot(
      () => container[step],
      (value) => {
        container[step] = value;
      },
    );
  }
  if (!isJsonObject(container) || step === '__proto__') return null;
  return slot(
    () => (Object.hasOwn(container, step) ? container[step] : undefined),
    (value) => {
      container[step] = value;
    },
  );
}

function slot(read: () => unknown, write: (value: unknown) => void) {
  return { read, write };
}
