import { join } from 'node:path';
import { SETTING_NAMES } from '../src/config.ts';

const ROOT = join(import.meta.dir, '..');

/** Empty means the default, and keeps an `.env` of whoever runs the tests, with real keys in it, out of them. */
const NO_SETTINGS = Object.fromEntries(SETTING_NAMES.map((name) => [name, '']));
const BASICS = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' };

export interface GatewayProcess {
  url: string;
  /** The first key, when this start made it. */
  key: string | undefined;
  setupUrl: string | undefined;
  output: () => string;
  /** As a supervisor does: SIGTERM, and the exit code. */
  stop: () => Promise<number>;
  /** As the kernel does when memory is out: nothing of ours runs any more. */
  kill: () => Promise<void>;
}

/** Starts the gateway as the README says, in a process of its own, and waits for its greeting. Throws what it said if it ends. */
export async function startProcess(env: Record<string, string> & { DATA_DIR: string }): Promise<GatewayProcess> {
  const child = Bun.spawn(['bin/start'], {
    cwd: ROOT,
    env: { ...NO_SETTINGS, ...BASICS, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  process.on('exit', () => child.kill('SIGKILL'));
  let output = '';
  const collect = async (stream: ReadableStream<Uint8Array>) => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) output += decoder.decode(chunk);
  };
  const ended = Promise.all([collect(child.stdout), collect(child.stderr)]);
  while (!/Providers\s+\S/.test(output)) {
    if (child.exitCode !== null) {
      await ended;
      throw new Error(`it did not start: ${output}`);
    }
    await Bun.sleep(20);
  }
  return {
    url: /serves at (\S+)/.exec(output)?.[1] ?? '',
    key: /First key\s+(\S+)/.exec(output)?.[1],
    setupUrl: /Setup\s+(\S+)/.exec(output)?.[1],
    output: () => output,
    stop: async () => {
      child.kill('SIGTERM');
      return await child.exited;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await child.exited;
    },
  };
}

/** Runs a command of the repository to its end, as an operator would beside the gateway. */
export async function runCommand(command: string[], env: Record<string, string>) {
  const child = Bun.spawn(command, {
    cwd: ROOT,
    env: { ...NO_SETTINGS, ...BASICS, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { code: await child.exited, output: out + err };
}
