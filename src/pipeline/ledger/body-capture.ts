import type { ChatEvent } from '../../chat/event.ts';
import type { AssistantPart, ChatRequest, Message, UserPart } from '../../chat/request.ts';

/** What is kept of a prompt, and of an answer. */
export const MAX_BODY_BYTES = 64 * 1024;

/** A prompt and its answer as text to read: media are named, not kept. */
export interface KeptBodies {
  prompt: string;
  answer: string;
  isPromptCut: boolean;
  isAnswerCut: boolean;
}

export type BodyCapture = ReturnType<typeof createBodyCapture>;

/** Keeps the beginning of what is said, and never more in memory than that. */
export function createBodyCapture() {
  const prompt = createSheet();
  const answer = createSheet();
  let section = '';

  /** Puts text under a heading, which is written when it is another one than before. */
  function under(heading: string, text: string): void {
    if (heading !== section) {
      answer.write(section === '' ? heading : `\n\n${heading}`);
      section = heading;
    }
    answer.write(text);
  }

  return {
    hear(request: ChatRequest): void {
      for (const part of request.system) prompt.write(`[system]\n${part.text}\n\n`);
      for (const message of request.messages) {
        if (prompt.isFull()) return;
        writeMessage(prompt.write, message);
      }
    },
    see(event: ChatEvent): void {
      if (answer.isFull()) return;
      const choice = 'choice' in event && event.choice > 0 ? ` ${event.choice + 1}` : '';
      if (event.type === 'text-delta') under(`[answer${choice}]\n`, event.text);
      else if (event.type === 'refusal-delta') under(`[refusal${choice}]\n`, event.text);
      else if (event.type === 'reasoning-delta') under(`[reasoning${choice}]\n`, event.text);
      else if (event.type === 'tool-call-start') under(`[tool call${choice}: ${event.name}]\n`, '');
      else if (event.type === 'tool-call-delta') answer.write(event.argumentsText);
    },
    read(): KeptBodies {
      const { text: promptText, isCut: isPromptCut } = prompt.read();
      const { text: answerText, isCut: isAnswerCut } = answer.read();
      return { prompt: promptText.trimEnd(), answer: answerText, isPromptCut, isAnswerCut };
    },
  };
}

type Write = (text: string) => void;

function writeMessage(write: Write, message: Message): void {
  write(`[${message.role}]\n`);
  for (const part of message.content) {
    write(textOf(part));
    write('\n');
  }
  write('\n');
}

function textOf(part: UserPart | AssistantPart): string {
  switch (part.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return part.text;
    case 'tool-call':
      return `[tool call: ${part.name}] ${part.argumentsText}`;
    case 'tool-result':
      return `[tool result] ${part.content.map((one) => (one.type === 'text' ? one.text : `[${one.type}]`)).join('\n')}`;
    default:
      return `[${part.type}]`;
  }
}

/** Text up to a size in UTF-8; a character is never cut in two. */
function createSheet() {
  const parts: string[] = [];
  let bytes = 0;
  let isCut = false;

  function write(text: string): void {
    if (isCut || text === '') return;
    const room = MAX_BODY_BYTES - bytes;
    // No character takes less than a byte, so what is longer than the room does not fit, and need not be measured.
    const candidate = text.slice(0, room + 1);
    const size = Buffer.byteLength(candidate);
    if (candidate.length === text.length && size <= room) {
      parts.push(text);
      bytes += size;
      return;
    }
    isCut = true;
    const { read } = new TextEncoder().encodeInto(candidate, new Uint8Array(room));
    // A copy, so that the rest of a large text is not kept alive by its beginning.
    parts.push(Buffer.from(candidate.slice(0, read)).toString());
    bytes = MAX_BODY_BYTES;
  }

  return { write, isFull: () => isCut, read: () => ({ text: parts.join(''), isCut }) };
}
