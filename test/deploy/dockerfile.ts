import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** One line of a Dockerfile, with its continuations. */
export interface Instruction {
  name: string;
  /** `--from=backend` as `from: 'backend'`. */
  flags: Record<string, string>;
  /** What comes after the flags. */
  text: string;
  /** The words of an exec form, `["a", "b"]`; null for anything else. */
  exec: string[] | null;
}

export interface Stage {
  base: string;
  name: string;
  instructions: Instruction[];
}

/** The stages of a Dockerfile, in order. Throws on what is no instruction: nothing is passed over. */
export function parseDockerfile(text: string): Stage[] {
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const stages: Stage[] = [];
  for (const instruction of lines.map(parseInstruction)) {
    if (instruction.name === 'FROM') {
      const [, base = '', name = ''] = /^(\S+)(?: AS (\S+))?$/.exec(instruction.text) ?? [];
      stages.push({ base, name, instructions: [] });
      continue;
    }
    const stage = stages.at(-1);
    if (!stage) throw new Error(`${instruction.name} stands before the first FROM`);
    stage.instructions.push(instruction);
  }
  return stages;
}

function parseInstruction(line: string): Instruction {
  const [, name, rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
  if (name === undefined) throw new Error(`This is no instruction: ${line}`);
  const [, flagText = '', text = ''] = /^((?:--\S+\s+)*)(.*)$/.exec(rest) ?? [];
  const flags = Object.fromEntries(
    [...flagText.matchAll(/--([\w-]+)(?:=(\S+))?/g)].map(([, key, value = '']) => [key, value]),
  );
  const list = /^(?:CMD\s+)?(\[.*\])$/.exec(text)?.[1];
  return { name, flags, text, exec: list === undefined ? null : JSON.parse(list) };
}

/** The pairs of an ENV. */
export function readPairs(text: string): [string, string][] {
  return [...text.matchAll(/([A-Za-z_]\w*)=(?:"([^"]*)"|(\S*))/g)].map(([, name = '', quoted, plain]) => [
    name,
    quoted ?? plain ?? '',
  ]);
}

/** Every file that reaches the build: those of the folder that its `.dockerignore` lets through. The last rule that fits counts. */
export async function listContext(folder: string): Promise<string[]> {
  const rules = (await Bun.file(join(folder, '.dockerignore')).text())
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => ({ isKept: line.startsWith('!'), glob: new Bun.Glob(line.replace(/^!/, '').replace(/\/$/, '')) }));
  const isKept = (path: string): boolean => {
    const parts = path.split('/');
    const itselfAndParents = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
    return rules.findLast(({ glob }) => itselfAndParents.some((one) => glob.match(one)))?.isKept ?? true;
  };
  const files: string[] = [];
  async function walk(at: string): Promise<void> {
    for (const entry of await readdir(join(folder, at), { withFileTypes: true })) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      // Far too many files to look at, and none that could be let through.
      if (['node_modules', '.git', '.bun'].includes(entry.name) && !isKept(path)) continue;
      if (entry.isDirectory()) await walk(path);
      else if (isKept(path)) files.push(path);
    }
  }
  await walk('');
  return files.sort();
}
