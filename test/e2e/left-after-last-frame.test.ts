import { expect, test } from 'bun:test';
import { startGateway } from '../gateway.ts';
import { CHAT_END, chatFrame, eventStream, startUpstream } from '../upstream.ts';

test('a client that leaves after the last frame was served, though the provider keeps its connection open', async () => {
  const upstream = startUpstream();
  const frames = [chatFrame({ role: 'assistant', content: 'Hi' }), CHAT_END];
  upstream.answers(() => eventStream({ frames, ending: 'silence' }));
  const gateway = await startGateway({ env: { OPENAI_API_KEY: 'k', OPENAI_BASE_URL: `${upstream.url}/v1` } });
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}` },
    body: JSON.stringify({ model: 'gpt-6-luna', stream: true, messages: [{ role: 'user', content: 'x' }] }),
  });
  const reader = response.body!.getReader();
  let text = '';
  while (!text.includes('[DONE]')) text += new TextDecoder().decode((await reader.read()).value);
  await reader.cancel();
  expect(await gateway.lastRequest()).toMatchObject({ outcome: 'ok', status: 200 });
  await gateway.stop();
  upstream.stop();
});
