import type { PlainFrame } from '../frame.ts';

/** An amount; null is a cost nobody knows, which is not the same as nothing. */
export const Money = ({ frame, nanoUsd }: { frame: PlainFrame; nanoUsd: number | null }) =>
  nanoUsd === null ? (
    <span class="badge warn" title={frame.t.common.unpricedHint}>
      {frame.t.common.unpriced}
    </span>
  ) : (
    <span class="number">{frame.format.money(nanoUsd)}</span>
  );
