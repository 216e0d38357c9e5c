import type { ChatRequest, Message } from '../../chat/request.ts';

/** How much of a text is read: its start, where the question is set, and its end, where it is usually asked. */
const HEAD_CHARS = 1_400;
const TAIL_CHARS = 600;

/** Coding agents put the date, their rules and the state of files beside the user's words, in parts that are each one of these. */
const REMINDER_START = '<system-reminder>';
const REMINDER_END = '</system-reminder>';

/** The text a request is judged by, and how long it was before it was cut. */
export interface TextSample {
  text: string;
  chars: number;
}

/**
 * The last thing the user said, in at most 2,000 characters however long it was. A turn that only brings tool results is
 * not a question, so the one before it counts, and neither is what a program reminds the model of; without any user text the
 * system prompt is the question.
 */
export function sampleQuestion(request: ChatRequest): TextSample {
  for (let index = request.messages.length - 1; index >= 0; index--) {
    const message = request.messages[index];
    if (message?.role !== 'user') continue;
    const sample = sampleTexts(textsOf(message));
    if (sample.chars > 0) return sample;
  }
  return sampleTexts(request.system.map((part) => part.text));
}

/** The texts a message says itself; what a tool answered is not among them. */
function textsOf(message: Message): string[] {
  const texts: string[] = [];
  for (const part of message.content) if (part.type === 'text' && !isReminder(part.text)) texts.push(part.text);
  return texts;
}

function isReminder(text: string): boolean {
  return text.startsWith(REMINDER_START) && text.trimEnd().endsWith(REMINDER_END);
}

function sampleTexts(texts: readonly string[]): TextSample {
  let chars = 0;
  for (const text of texts) chars += text.length;
  if (chars <= HEAD_CHARS + TAIL_CHARS)
    return { text: texts.length === 1 ? (texts[0] ?? '') : texts.join('\n'), chars };
  return { text: `${takeHead(texts)}\n${takeTail(texts)}`, chars };
}

function takeHead(texts: readonly string[]): string {
  let head = '';
  for (const text of texts) {
    head += text.slice(0, HEAD_CHARS - head.length);
    if (head.length >= HEAD_CHARS) break;
  }
  return head;
}

function takeTail(texts: readonly string[]): string {
  let tail = '';
  for (let index = texts.length - 1; index >= 0 && tail.length < TAIL_CHARS; index--) {
    const text = texts[index] ?? '';
    tail = text.slice(Math.max(0, text.length - (TAIL_CHARS - tail.length))) + tail;
  }
  return tail;
}
