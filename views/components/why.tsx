import type { ChoiceWhy, PlaceWhy } from '../../src/chat/why.ts';
import type { PlainFrame } from '../frame.ts';
import { writeChoice, writePlace } from '../why.ts';

interface WhyProps<Why> {
  frame: PlainFrame;
  /** Null where an older version kept a sentence in its place. */
  why: Why | null;
  reason: string;
}

/** Why these models. */
export const WhyChoice = ({ frame, why, reason, isFromCache }: WhyProps<ChoiceWhy> & { isFromCache: boolean }) => (
  <>
    {isFromCache && why !== null && `${frame.t.reasons.fromCache} `}
    {why === null ? <span lang="en">{reason}</span> : writeChoice(frame, why)}
  </>
);

/** Why this model got its place, or none. */
export const WhyPlace = ({ frame, why, reason }: WhyProps<PlaceWhy>) => (
  <>{why === null ? <span lang="en">{reason}</span> : writePlace(frame, why)}</>
);
