import type { Model } from '../../../registry/schema.ts';
import { Badge } from '../../components/signs.tsx';
import type { PlainFrame } from '../../frame.ts';

const TONES = {
  active: 'good',
  preview: 'accent',
  limited: 'plain',
  legacy: 'plain',
  deprecated: 'warn',
  retired: 'danger',
  redirected: 'danger',
} as const;

/** How a model stands, and its last day where one is known. */
export const ModelStatus = ({ frame, model }: { frame: PlainFrame; model: Model }) => {
  const t = frame.t.models;
  const { status, retires } = model;
  return (
    <span class="model-status">
      <Badge tone={TONES[status]}>{t.statuses[status]}</Badge>
      {retires && (
        <span class="muted">
          {retires.exact ? t.until : t.notBefore} {frame.format.date(Date.parse(retires.on))}
        </span>
      )}
    </span>
  );
};
