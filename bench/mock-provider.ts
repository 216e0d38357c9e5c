/** A provider that answers at once, for measuring what stands in front of it. Prints its port. */

const answer = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1764000000,
  model: 'gpt-6-luna-2026-09-22',
  choices: [
    { index: 0, message: { role: 'assistant', content: 'x'.repeat(700) }, logprobs: null, finish_reason: 'stop' },
  ],
  usage: { prompt_tokens: 200, completion_tokens: 175, total_tokens: 375, prompt_tokens_details: { cached_tokens: 0 } },
});

const CHUNKS = 100;
const frame = (fields: Record<string, unknown>): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1764000000, model: 'gpt-6-luna', ...fields })}\n\n`;
const frames = [
  ...Array.from({ length: CHUNKS }, () =>
    frame({ choices: [{ index: 0, delta: { content: ' word' }, finish_reason: null }] }),
  ),
  frame({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
  frame({ choices: [], usage: { prompt_tokens: 200, completion_tokens: 100, total_tokens: 300 } }),
  'data: [DONE]\n\n',
].map((text) => new TextEncoder().encode(text));

const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  idleTimeout: 0,
  async fetch(request) {
    const isStream = (await request.text()).includes('"stream":true');
    if (!isStream) return new Response(answer, { headers: { 'content-type': 'application/json' } });
    let at = 0;
    const body = new ReadableStream({
      pull(controller) {
        const next = frames[at++];
        if (next) controller.enqueue(next);
        else controller.close();
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  },
});
console.log(server.port);
