import { shuffled } from './random.ts';

const WORDS = 8;

/**
 * A group number for each prompt such that prompts which share any eight words in a row are in one group: a fold that keeps
 * groups whole never tests on a passage it has trained on. Shorter prompts are grouped with their like.
 */
export function groupByPassages(prompts: readonly string[]): Int32Array {
  const parents = Int32Array.from(prompts, (_, index) => index);
  const find = (index: number): number => {
    let at = index;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at] ?? at] ?? at;
      at = parents[at] ?? at;
    }
    return at;
  };

  const owners = new Map<number, number>();
  prompts.forEach((prompt, index) => {
    for (const passage of passagesOf(prompt)) {
      const owner = owners.get(passage);
      if (owner === undefined) owners.set(passage, index);
      else parents[find(index)] = find(owner);
    }
  });
  return parents.map((_, index) => find(index));
}

/** The fold of each item, from 0 to `folds` - 1; a group is in one fold only, and folds are about equally large. */
export function foldsOf(groups: ArrayLike<number>, folds: number, seed: number): Int32Array {
  const sizes = new Map<number, number>();
  for (let index = 0; index < groups.length; index++) {
    const group = groups[index] ?? 0;
    sizes.set(group, (sizes.get(group) ?? 0) + 1);
  }
  const loads = new Array<number>(folds).fill(0);
  const foldByGroup = new Map<number, number>();
  const bySize = shuffled([...sizes], seed).sort((a, b) => b[1] - a[1]);
  for (const [group, size] of bySize) {
    const lightest = loads.indexOf(Math.min(...loads));
    loads[lightest] = (loads[lightest] ?? 0) + size;
    foldByGroup.set(group, lightest);
  }
  return Int32Array.from(groups, (group) => foldByGroup.get(group) ?? 0);
}

/** Hashes of every eight words in a row; of the whole prompt when it has fewer. */
export function passagesOf(prompt: string): number[] {
  const words = prompt.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  if (words.length < WORDS) return [Bun.hash.xxHash32(words.join(' '))];
  const passages: number[] = [];
  for (let start = 0; start + WORDS <= words.length; start++) {
    passages.push(Bun.hash.xxHash32(words.slice(start, start + WORDS).join(' ')));
  }
  return passages;
}
