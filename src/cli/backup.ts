import { loadConfig } from '../config.ts';
import { backUp } from '../db/backup.ts';

/** `bun run backup FOLDER`: copies the data folder to a new one, also while the gateway runs. */
try {
  const target = process.argv[2];
  if (target === undefined) throw new Error('Say where to: bun run backup FOLDER (a new one).');
  const names = await backUp(loadConfig(process.env).dataDir, target);
  console.log(`${target} holds ${names.join(', ')}, and can take the place of the data folder.`);
  console.log('It opens the stored provider keys: keep it as safe as those.');
} catch (error) {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
