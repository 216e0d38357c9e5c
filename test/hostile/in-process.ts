import type { ChatEvent } from '../../src/chat/event.ts';
import { plainRequest } from '../../src/chat/fixture.ts';
import { collect } from '../../src/chat/reply.ts';
import type { Dialect, RenderContext } from '../../src/dialects/dialect.ts';
import { createSseParser } from '../../src/lib/sse.ts';
import { DIALECTS } from './dialects.ts';

const request = plainRequest('Hello', {
  model: 'm',
  stream: true,
  wantsStreamUsage: true,
  reasoning: { includeThoughts: true },
});
const context: RenderContext = { request, requestId: 'r1', model: 'm', createdAt: 1_700_000_000 };

/** The events of a stream, as the executor reads them. */
export function readStream(dialect: Dialect, text: string): ChatEvent[] {
  const sse = createSseParser();
  const parser = dialect.createStreamParser();
  const events = [...sse.push(text), ...sse.end()].flatMap((message) => parser.parse(message));
  return events.at(-1)?.type === 'error' ? events : [...events, ...parser.end()];
}

/** Tells the events to clients of every dialect, streamed and whole, as the pipeline does. Nothing of it may throw. */
export function tellAll(events: readonly ChatEvent[]): void {
  const error = events.find((event) => event.type === 'error')?.error;
  for (const dialect of Object.values(DIALECTS)) {
    const renderer = dialect.createStreamRenderer(context);
    for (const event of events) renderer.render(event);
    if (error) JSON.stringify(dialect.renderError(error, 'r1').body);
    else JSON.stringify(dialect.renderReply(collect(events), context));
  }
}
