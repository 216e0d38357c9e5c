import type { PlainFrame } from '../frame.ts';

/** Copies the text of the element with the id `from`. Shown by its script, without which it is no use. */
export const CopyButton = ({ frame, from }: { frame: PlainFrame; from: string }) => (
  <button
    type="button"
    data-copy={from}
    data-copied={frame.t.common.copied}
    data-selected={frame.t.common.selected}
    hidden={true}
  >
    {frame.t.common.copy}
  </button>
);

export interface SnippetTab {
  label: string;
  code: string;
  /** What has to be known besides. */
  hint?: string | undefined;
}

interface SnippetProps {
  frame: PlainFrame;
  /** Unique in the page. */
  id: string;
  tabs: readonly SnippetTab[];
}

/** Code to paste, in several versions of which one is open at a time. */
export const Snippet = ({ frame, id, tabs }: SnippetProps) => (
  <div class="snippets">
    {tabs.map((tab, index) => (
      <details name={id} open={index === 0}>
        <summary>{tab.label}</summary>
        <div class="copy-block">
          <pre tabindex={0}>
            <code id={`${id}-${index}`}>{tab.code}</code>
          </pre>
          <CopyButton frame={frame} from={`${id}-${index}`} />
        </div>
        {tab.hint && <p class="hint">{tab.hint}</p>}
      </details>
    ))}
  </div>
);
