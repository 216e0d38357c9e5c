import type { JsonObject } from '../../lib/json.ts';
import { frame } from './reply-blocks.ts';

type BlockKind = 'text' | 'thinking' | 'redacted_thinking' | 'tool_use';

/** Writes the content blocks of a stream: one after the other, each begun, filled and ended, with a running number. */
export function createBlockWriter() {
  let index = -1;
  let open: BlockKind | undefined;

  function end(): string {
    if (!open) return '';
    open = undefined;
    return frame('content_block_stop', { index });
  }

  function begin(kind: BlockKind, fields: JsonObject): string {
    const ended = end();
    index++;
    open = kind;
    return ended + frame('content_block_start', { index, content_block: { type: kind, ...fields } });
  }

  /** Goes on in the open block when it is of the kind, else begins one. */
  function ensure(kind: 'text' | 'thinking'): string {
    if (open === kind) return '';
    return begin(kind, kind === 'text' ? { text: '' } : { thinking: '', signature: '' });
  }

  function delta(type: string, fields: JsonObject): string {
    return frame('content_block_delta', { index, delta: { type, ...fields } });
  }

  return { begin, ensure, delta, end, isOpen: (kind: BlockKind) => open === kind };
}
