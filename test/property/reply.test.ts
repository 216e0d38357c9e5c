import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import fc from 'fast-check';
import type { ChatEvent } from '../../src/chat/event.ts';
import { plainRequest } from '../../src/chat/fixture.ts';
import { type ChatReply, collect } from '../../src/chat/reply.ts';
import type { AssistantPart } from '../../src/chat/request.ts';
import type { Dialect, RenderContext } from '../../src/dialects/dialect.ts';
import { createSseParser } from '../../src/lib/sse.ts';
import { replyEvents } from './arbitrary-reply.ts';
import { holds } from './check.ts';
import { sent } from './wire.ts';
import { wiresByName } from './wires/index.ts';

setDefaultTimeout(60_000);

const request = plainRequest('Hello', {
  model: 'some-model',
  stream: true,
  wantsStreamUsage: true,
  reasoning: { includeThoughts: true },
  choices: 3,
});
const context: RenderContext = { request, requestId: 'r1', model: 'some-model', createdAt: 1_700_000_000 };

function streamed(dialect: Dialect, events: ChatEvent[]): ChatReply {
  const renderer = dialect.createStreamRenderer(context);
  const sse = createSseParser();
  const parser = dialect.createStreamParser();
  const messages = [...events.flatMap((event) => sse.push(renderer.render(event))), ...sse.end()];
  return collect([...messages.flatMap((message) => parser.parse(message)), ...parser.end()]);
}

function whole(dialect: Dialect, events: ChatEvent[]): ChatReply {
  return collect(dialect.parseReply(sent(dialect.renderReply(collect(events), context))));
}

/**
 * Two replies say the same when these are equal: for every choice the text, the refusal, the thoughts with their proofs, the
 * citations, the log probabilities, the calls with the values of their arguments, and the reason it ended; and the counts.
 * The order of one kind counts; how the kinds alternate does not, because a whole message of some dialects has one field for
 * each kind, nor do the cuts between blocks of thoughts, which have one field there, too, or how often one proof is told.
 */
function meaningOf({ choices, usage, error }: ChatReply) {
  return {
    choices: choices.map(({ content, ...rest }) => ({
      ...rest,
      text: textOf(content, 'text'),
      refusal: textOf(content, 'refusal'),
      thoughts: textOf(content, 'reasoning'),
      proofs: content
        .flatMap((part) => (part.type === 'reasoning' ? [part.signature, part.redacted] : []))
        .filter(Boolean),
      textProofs: proofsOf(content),
      citations: content.flatMap((part) => (part.type === 'text' ? (part.citations ?? []) : [])),
      calls: content.flatMap((part) =>
        part.type === 'tool-call'
          ? [{ ...part, argumentsText: part.isCustom ? part.argumentsText : JSON.parse(part.argumentsText) }]
          : [],
      ),
    })),
    usage,
    error,
  };
}

function proofsOf(content: AssistantPart[]): string[] {
  const proofs = content.flatMap((part) =>
    part.type === 'text' && part.signature ? [JSON.stringify(part.signature)] : [],
  );
  return [...new Set(proofs)];
}

function textOf(content: AssistantPart[], type: 'text' | 'refusal' | 'reasoning'): string {
  return content.map((part) => (part.type === type ? part.text : '')).join('');
}

describe.each(wiresByName)('%s', (_, { dialect }) => {
  test('a reply says the same streamed and whole', () => {
    holds(replyEvents, (events) => {
      const reply = streamed(dialect, events);
      expect(reply.error).toBeUndefined();
      expect(meaningOf(reply)).toEqual(meaningOf(whole(dialect, events)));
    });
  });

  test('what is said arrives: the text, the calls and the counts', () => {
    holds(replyEvents, (events) => {
      const told = collect(events);
      const reply = streamed(dialect, events);
      const [asked, got] = [told.choices[0], reply.choices[0]];
      if (!asked || !got) throw new Error('a reply without a choice');
      const visible = (content: AssistantPart[]) =>
        content.map((part) => (part.type === 'text' || part.type === 'refusal' ? part.text : '')).join('');
      expect(visible(got.content)).toBe(visible(asked.content));
      const calls = (content: AssistantPart[]) =>
        content.flatMap((part) => (part.type === 'tool-call' ? [[part.id, part.name]] : []));
      expect(calls(got.content)).toEqual(calls(asked.content));
      const sum = ({ usage }: ChatReply) => [
        usage.input + usage.cacheRead + usage.cacheWriteShort + usage.cacheWriteLong + usage.audioInput,
        usage.output + usage.audioOutput,
        usage.reasoning,
      ];
      expect(sum(reply)).toEqual(sum(told));
    });
  });

  test('a stream is cut anywhere and reads the same', () => {
    holds(replyEvents, fc.array(fc.nat(4000), { maxLength: 8 }), (events, cuts) => {
      const renderer = dialect.createStreamRenderer(context);
      const bytes = Buffer.from(events.map((event) => renderer.render(event)).join(''));
      const at = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
      const decoder = new TextDecoder();
      const sse = createSseParser();
      const parser = dialect.createStreamParser();
      const read: ChatEvent[] = [];
      for (const [index, end] of at.slice(1).entries()) {
        const piece = decoder.decode(bytes.subarray(at[index], end), { stream: true });
        for (const message of sse.push(piece)) read.push(...parser.parse(message));
      }
      for (const message of sse.end()) read.push(...parser.parse(message));
      read.push(...parser.end());
      expect(collect(read)).toEqual(streamed(dialect, events));
    });
  });
});
