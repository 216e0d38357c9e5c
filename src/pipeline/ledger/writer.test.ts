import { expect, test } from 'bun:test';
import { open } from './fixture.ts';
import { createLedgerWriter } from './writer.ts';

test('rows are stored in batches, and kept and tried again when that fails', async () => {
  const stored: string[] = [];
  const told: string[] = [];
  const errors: string[] = [];
  let isDown = true;
  const writer = createLedgerWriter({
    insert: async (rows) => {
      if (isDown) throw new Error('disk full');
      stored.push(...rows.map(({ request }) => request.id));
    },
    onStored: (rows) => told.push(...rows.map(({ request }) => request.id)),
    logError: (message) => errors.push(message),
  });
  const { entry, written } = open();
  entry.close('ok', 200);
  writer.write(written[0]!);
  await writer.flush();
  expect([stored, told, errors.length, writer.queueDepth()]).toEqual([[], [], 1, 1]);
  isDown = false;
  await writer.flush();
  expect([stored, told, writer.queueDepth()]).toEqual([['r1'], ['r1'], 0]);
});

test('a row that cannot be stored does not hold up the others', async () => {
  const stored: string[] = [];
  const errors: string[] = [];
  const writer = createLedgerWriter({
    insert: async (rows) => {
      if (rows.some(({ request }) => request.id === 'bad')) throw new Error('constraint');
      stored.push(...rows.map(({ request }) => request.id));
    },
    logError: (message) => errors.push(message),
  });
  const { entry, written } = open();
  entry.close('ok', 200);
  const [row] = written;
  for (const id of ['a', 'bad', 'c']) writer.write({ ...row!, request: { ...row!.request, id } });
  await writer.flush();
  expect([stored, writer.queueDepth(), errors.length]).toEqual([['a', 'c'], 0, 1]);
});
