import { startSimulator } from './server.ts';

/** The simulator, started when it is first asked for: most gateways never need it. */
export function startWhenNeeded() {
  let simulator: ReturnType<typeof startSimulator> | null = null;
  return {
    get() {
      simulator ??= startSimulator();
      return simulator;
    },
    async stop(): Promise<void> {
      await simulator?.stop();
    },
  };
}
