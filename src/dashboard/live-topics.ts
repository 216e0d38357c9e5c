import type { PlainFrame } from '../../views/frame.ts';
import type { Raw } from '../../views/jsx/jsx-runtime.ts';
import type { PageId } from '../../views/pages.ts';
import type { LiveAudience } from './live.ts';

/** A part of a page that is sent again when it has changed. */
export interface LiveTopic {
  /** Who may see that page may listen. */
  page: PageId;
  /** Drawn once for everybody of an audience, so a frame without a viewer is all it gets. */
  render(frame: PlainFrame, audience: LiveAudience): Promise<Raw>;
}
