import { readFile } from 'node:fs/promises';
import { applyCatalogue } from './apply.ts';
import { parseRegistryFile, RegistryError } from './load.ts';
import type { RegistryFile } from './schema.ts';

export interface CataloguePaths {
  /** The catalogue of the data folder. */
  path: string;
  /** The one that came with the program. */
  shippedPath: string;
}

export interface OpenedCatalogue {
  file: RegistryFile;
  /** What was wrong on the way there, in sentences for the operator. */
  warnings: string[];
}

/**
 * The catalogue to work with. A damaged one gives way to the copy of the one before it, and that to the shipped one, with a
 * warning: a gateway that starts with yesterday's prices is better than one that does not start. Where the program has
 * brought a newer catalogue than the data folder's, it is taken, without what the operator pinned and what only they have.
 * Throws a `RegistryError` only if the shipped catalogue itself cannot be read.
 */
export async function openCatalogue({ path, shippedPath }: CataloguePaths): Promise<OpenedCatalogue> {
  const warnings: string[] = [];
  const shipped = parseRegistryFile(await readFile(shippedPath, 'utf8'), shippedPath);
  const own = (await readOwn(path, warnings)) ?? (await readOwn(`${path}.bak`, warnings.length > 0 ? warnings : null));
  if (!own) {
    if (warnings.length > 0) warnings.push('The catalogue that came with the program is used instead.');
    return { file: shipped, warnings };
  }
  if (warnings.length > 0) warnings.push(`${path}.bak, the catalogue before it, is used instead.`);
  return { file: own.generatedAt < shipped.generatedAt ? applyCatalogue(own, shipped).file : own, warnings };
}

/** Null if it is not there or cannot be used. Without `warnings` it is not even looked at. */
async function readOwn(path: string, warnings: string[] | null): Promise<RegistryFile | null> {
  if (warnings === null) return null;
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isAbsent)
      warnings.push(`${path} could not be read: ${error instanceof Error ? error.message : String(error)}.`);
    return null;
  }
  try {
    return parseRegistryFile(text, path);
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    warnings.push(
      ...error.problems.slice(0, 3),
      `${path} is damaged and is not used (${error.problems.length} mistakes).`,
    );
    return null;
  }
}
