import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Model } from '../../registry/schema.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import { vendorsAt } from '../vendors.ts';
import { askedModel, providerOf } from './catalogue-for.ts';
import { CHAT_DIALECTS } from './conformance.ts';
import { goldenCatalogue } from './golden/catalogue.ts';
import { RECORDED, recordedModel } from './golden/recorded-cases.ts';
import { readRecordings } from './recordings.ts';
import { startReplayServer } from './replay-server.ts';
import { sendRecorded } from './send-recorded.ts';

// The other half of the golden table: what the vendors were recorded to send, through the front door.

const recordings = new Map(readRecordings(CHAT_DIALECTS).map((recording) => [recording.id, recording]));

let gateway: TestGateway;
let upstream: ReturnType<typeof startReplayServer>;
beforeAll(async () => {
  upstream = startReplayServer();
  const models = new Map<string, Model>();
  for (const recording of recordings.values()) {
    const [provider, id] = [providerOf(recording), askedModel(recording)];
    if (provider && id) models.set(`${provider}/${id}`, recordedModel(provider, id));
  }
  gateway = await startGateway({
    env: {
      ...vendorsAt(upstream.url, upstream.url),
      REQUESTS_PER_MINUTE: '0',
    },
    files: { 'models.json': goldenCatalogue([...models.values()]) },
  });
});
afterAll(async () => {
  await gateway.stop();
  upstream.stop();
});

describe.skipIf(recordings.size === 0)('a recorded reply costs to the nano-dollar', () => {
  test.each(RECORDED)('%s', async (id, costs) => {
    const recording = recordings.get(id)!;
    upstream.play(recording.response);
    const response = await sendRecorded(gateway, recording);
    await response.text();
    expect(await gateway.lastRequest()).toMatchObject({ costNanoUsd: costs, isUsageEstimated: false, outcome: 'ok' });
  });

  test('one that does not count its prompt is not taken for free: the prompt is estimated, and flagged', async () => {
    const recording = recordings.get('gemini-stream-010')!;
    upstream.play(recording.response);
    await (await sendRecorded(gateway, recording)).text();
    const row = await gateway.lastRequest();
    expect(row).toMatchObject({ isUsageEstimated: true, outputTokens: 23 + 67 });
    expect(row?.costNanoUsd).toBeGreaterThan((23 + 67) * 4_000);
  });
});
