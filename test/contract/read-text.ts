import { z } from 'zod';

/**
 * Reads the visible text of a reply straight off the wire, by the shortest way there is: an independent witness for what
 * the dialects make of it.
 */
export type Wire = 'openai-chat' | 'anthropic-messages' | 'google-generate';

const Text = z.string().nullish();
const OpenAi = z.object({
  choices: z.array(
    z.object({
      index: z.number().optional(),
      message: z.object({ content: Text }).optional(),
      delta: z.object({ content: Text }).optional(),
    }),
  ),
});
const Anthropic = z.object({
  type: z.string(),
  content: z.array(z.object({ type: z.string(), text: Text })).optional(),
  content_block: z.object({ type: z.string(), text: Text }).optional(),
  delta: z.object({ type: z.string().optional(), text: Text }).optional(),
});
const Google = z.object({
  candidates: z
    .array(
      z.object({
        content: z
          .object({ parts: z.array(z.object({ text: Text, thought: z.boolean().optional() })).optional() })
          .optional(),
      }),
    )
    .optional(),
});

export function readText(wire: Wire, reply: string): string {
  return messagesOf(reply)
    .map((message) => textOf(wire, JSON.parse(message)))
    .join('');
}

/** The JSON texts of a stream's frames, or the one body. */
function messagesOf(reply: string): string[] {
  if (reply.trimStart().startsWith('{')) return [reply];
  return [...reply.matchAll(/^data: ?(\{.*\})\s*$/gm)].map((match) => match[1] ?? '');
}

function textOf(wire: Wire, message: unknown): string {
  if (wire === 'openai-chat') {
    const choices = OpenAi.safeParse(message).data?.choices ?? [];
    const first = choices.filter(({ index = 0 }) => index === 0);
    return first.map(({ message, delta }) => message?.content ?? delta?.content ?? '').join('');
  }
  if (wire === 'anthropic-messages') {
    const { content = [], content_block, delta } = Anthropic.parse(message);
    return [...content, ...(content_block ? [content_block] : []), ...(delta ? [delta] : [])]
      .map((block) => block.text ?? '')
      .join('');
  }
  const parts = Google.safeParse(message).data?.candidates?.[0]?.content?.parts ?? [];
  return parts.map(({ text, thought }) => (thought ? '' : (text ?? ''))).join('');
}
