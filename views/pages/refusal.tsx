import { type DoorFrame, Doorway } from '../layout.tsx';

/** Says what could not be done, and leads back. */
export const RefusalPage = ({ frame, title, message }: { frame: DoorFrame; title: string; message: string }) => (
  <Doorway title={title} frame={frame}>
    <p>{message}</p>
    <p>
      <a href="dashboard">{frame.t.doors.back}</a>
    </p>
  </Doorway>
);
