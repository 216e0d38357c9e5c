import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import fc from 'fast-check';
import type { ChatRequest, Message } from '../../src/chat/request.ts';
import type { Target } from '../../src/dialects/dialect.ts';
import { GatewayError } from '../../src/errors.ts';
import { anyWords, chatRequest } from '../../src/testing/arbitrary-chat.ts';
import { holds } from './check.ts';
import { sent, targetOf, type Wire } from './wire.ts';
import { WIRES, wiresByName } from './wires/index.ts';

setDefaultTimeout(60_000);

// A client of any dialect, with everything our vocabulary has at once, asks a provider of another: what can be sent is legal
// there, and the beginning of a conversation is the same text on every turn.

function requestsTo({ dialect: { id } }: Wire): fc.Arbitrary<ChatRequest> {
  const others = WIRES.map(({ dialect }) => dialect.id).filter((other) => other !== id);
  return fc.constantFrom('another', ...others).chain((client) => chatRequest(anyWords(client)));
}

const saysSomething = (part: Message['content'][number]): boolean => part.type === 'text' && part.text.trim() !== '';

function kindOf({ kinds }: Wire): fc.Arbitrary<Target['reasoning']> {
  return fc.constantFrom(...kinds.map(({ reasoning }) => reasoning));
}

/** The body as it is sent, or null where the dialect refuses, which it may only do in our words. */
function render({ dialect }: Wire, request: ChatRequest, reasoning: Target['reasoning']): unknown {
  try {
    return sent(dialect.renderRequest(request, targetOf(request, reasoning)).body);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(GatewayError);
    expect(['unsupported', 'invalid_request']).toContain((thrown as GatewayError).code);
    return null;
  }
}

describe.each(wiresByName)('%s', (_, wire) => {
  test('whatever is rendered can be read again, and nothing else is thrown than a refusal', () => {
    holds(requestsTo(wire), kindOf(wire), (request, reasoning) => {
      const body = render(wire, request, reasoning);
      if (body !== null) wire.dialect.parseRequest(body, wire.path(request));
    });
  });

  test('call ids are legal and each is used once, and every result names a call before it', () => {
    holds(requestsTo(wire), kindOf(wire), (request, reasoning) => {
      const body = render(wire, request, reasoning);
      if (body === null) return;
      const { calls, results } = wire.callIdsOf(body);
      for (const id of calls) expect(id).toMatch(wire.legalCallId);
      expect(new Set(calls).size).toBe(calls.length);
      // The conversations of this test answer every call, in order.
      expect(results).toEqual(calls);
    });
  });

  test('a conversation that goes on begins with the same text', () => {
    holds(requestsTo(wire), kindOf(wire), fc.nat(9), (request, reasoning, at) => {
      const ends = request.messages.flatMap(({ role }, index) => (role === 'user' ? [index + 1] : []));
      const earlier = { ...request, messages: request.messages.slice(0, ends[at % ends.length]) };
      const [before, after] = [render(wire, earlier, reasoning), render(wire, request, reasoning)];
      // Where nothing has been said yet, the instructions may have to stand in for it.
      if (before === null || after === null || !request.messages[0]?.content.some(saysSomething)) return;
      const blocks = wire.blocksOf(before).map((block) => JSON.stringify(block));
      const later = wire.blocksOf(after).map((block) => JSON.stringify(block));
      expect(later.slice(0, blocks.length)).toEqual(blocks);
      expect(JSON.stringify(wire.headOf(after))).toBe(JSON.stringify(wire.headOf(before)));
    });
  });
});
