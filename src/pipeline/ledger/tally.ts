import type { ChatEvent, StopReason } from '../../chat/event.ts';
import { isBelievable, NO_USAGE, promptTokens, type Usage } from '../../chat/usage.ts';

const CHARACTERS_PER_TOKEN = 4;

/** What the ledger has seen of a reply. */
export interface Tally {
  usage: Usage;
  reportedModel: string | null;
  stopReason: StopReason | null;
}

/**
 * Counts a reply while it passes. A reply without the provider's counts, because somebody left, it broke off or the server
 * never counts, is estimated from the text seen and the prompt's estimate, and flagged.
 */
export function createTally() {
  let reported: Usage | null = null;
  let isFinal = false;
  let characters = 0;
  let reportedModel: string | null = null;
  let stopReason: StopReason | null = null;
  let hasContent = false;

  function see(event: ChatEvent): void {
    switch (event.type) {
      case 'start':
        reportedModel = event.model || null;
        return;
      case 'text-delta':
      case 'reasoning-delta':
      case 'refusal-delta':
        hasContent = true;
        characters += event.text.length;
        return;
      case 'tool-call-start':
        hasContent = true;
        characters += event.name.length;
        return;
      case 'tool-call-delta':
        characters += event.argumentsText.length;
        return;
      case 'usage':
        if (isBelievable(event.usage)) reported = event.usage;
        return;
      case 'stop':
        stopReason = event.reason;
        return;
      case 'finish':
        // Some servers never count; all zeros is their way to say so.
        isFinal = promptTokens(event.usage) + event.usage.output > 0 && isBelievable(event.usage);
        if (isFinal) reported = event.usage;
        return;
      default:
        return;
    }
  }

  function read(estimatedPromptTokens: number): Tally {
    const seen = { reportedModel, stopReason };
    if (isFinal && reported && promptTokens(reported) > 0) return { ...seen, usage: reported };
    // No prompt is empty: one that was not counted is not free.
    const input = reported && promptTokens(reported) > 0 ? reported.input : estimatedPromptTokens;
    const base = { ...(reported ?? NO_USAGE), input };
    if (isFinal) return { ...seen, usage: { ...base, isEstimated: true } };
    const output = Math.max(base.output, Math.ceil(characters / CHARACTERS_PER_TOKEN));
    return { ...seen, usage: { ...base, output, isEstimated: true } };
  }

  return { see, read, hasContent: () => hasContent };
}
