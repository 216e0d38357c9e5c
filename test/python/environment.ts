import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

const HOME = join(import.meta.dir, '../../test-results/python');
const REQUIREMENTS = join(import.meta.dir, 'requirements.txt');
const INSTALL_MS = 75_000;

/** A Python that has the SDKs, or why there is none. */
export type Python = { path: string } | { missing: string };

/** Makes a virtual environment with the pinned SDKs the first time, and finds it again later. Throws when it cannot under CI. */
export async function preparePython(): Promise<Python> {
  const python = Bun.which('python3');
  if (!python) return { missing: 'there is no python3 on this machine' };
  const path = join(HOME, 'bin/python');
  const stamp = Bun.file(join(HOME, 'installed.txt'));
  const wanted = await Bun.file(REQUIREMENTS).text();
  if ((await stamp.exists()) && (await stamp.text()) === wanted) return { path };

  await mkdir(HOME, { recursive: true });
  const problem =
    (await run([python, '-m', 'venv', HOME])) ??
    (await run([path, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS]));
  if (problem === null) {
    await stamp.write(wanted);
    return { path };
  }
  if (process.env.CI === 'true') throw new Error(`Python's SDKs could not be installed. ${problem}`);
  return { missing: `the SDKs could not be installed (${problem.trim().split('\n').at(-1)})` };
}

/** Null when the command went well, else what it complained of. */
async function run(command: string[]): Promise<string | null> {
  const process = Bun.spawn(command, { stdout: 'ignore', stderr: 'pipe', timeout: INSTALL_MS });
  const complaint = await new Response(process.stderr).text();
  return (await process.exited) === 0 ? null : complaint || `${command.join(' ')} failed`;
}
