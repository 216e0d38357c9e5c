import { expect, test } from 'bun:test';
import { openDatabase } from '../client.ts';
import { priceRows, type RequestBodies, requestBodies, requestDetails } from '../schema.ts';
import { placeholders } from './placeholders.ts';
import { prepareInsert } from './prepare-insert.ts';

test('rows are read back as they were written: objects, lists, nothing, flags and bytes', async () => {
  const db = openDatabase(':memory:');
  const insertDetails = prepareInsert(db, db.insert(requestDetails).values(placeholders(requestDetails)));
  const laps = [{ stage: 'auth', endedUs: 12 }];
  const details = { requestId: 'r1', startedAt: 5, decision: { reason: 'Said "so".' }, laps, headers: {} };
  insertDetails(details);
  insertDetails({ ...details, requestId: 'r2', decision: null });
  expect(await db.select().from(requestDetails)).toEqual([details, { ...details, requestId: 'r2', decision: null }]);

  const insertBodies = prepareInsert<RequestBodies>(db, db.insert(requestBodies).values(placeholders(requestBodies)));
  const bodies = { requestId: 'r1', startedAt: 5, prompt: Buffer.from([0, 255]), answer: Buffer.alloc(0) };
  insertBodies({ ...bodies, isPromptCut: true, isAnswerCut: false });
  expect(await db.select().from(requestBodies)).toEqual([{ ...bodies, isPromptCut: true, isAnswerCut: false }]);
  db.close();
});

test('a text in a column of JSON is stored as JSON', async () => {
  const db = openDatabase(':memory:');
  const insert = prepareInsert(db, db.insert(priceRows).values(placeholders(priceRows)));
  insert({ id: 'p1', provider: 'openai', model: 'm', row: 'words' });
  expect(await db.select().from(priceRows)).toMatchObject([{ row: 'words' }]);
  db.close();
});

test('an object where there is no place for one is refused, and so is a statement with a value of its own', () => {
  const db = openDatabase(':memory:');
  const insert = prepareInsert(db, db.insert(priceRows).values(placeholders(priceRows)));
  expect(() => insert({ id: 'p1', provider: { name: 'openai' }, model: 'm', row: {} })).toThrow('can be stored');
  const fixed = db.insert(priceRows).values({ id: 'p1', provider: 'openai', model: 'm', row: {} });
  expect(() => prepareInsert(db, fixed)).toThrow('placeholder');
  db.close();
});
