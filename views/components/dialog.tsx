import type { PlainFrame } from '../frame.ts';
import type { Child } from '../jsx/jsx-runtime.ts';

interface DialogProps {
  frame: PlainFrame;
  /** Unique in the page. */
  id: string;
  title: string;
  children: Child;
}

/** A native dialog. A button opens it with `commandfor` and `command="show-modal"`, without a script. */
export const Dialog = ({ frame, id, title, children }: DialogProps) => (
  <dialog id={id} class="dialog" aria-labelledby={`${id}-title`}>
    <div class="dialog-head">
      <h2 id={`${id}-title`}>{title}</h2>
      <button
        {...{ type: 'button', class: 'quiet icon-button', commandfor: id, command: 'close' }}
        aria-label={frame.t.common.close}
      >
        <span aria-hidden="true">×</span>
      </button>
    </div>
    {children}
  </dialog>
);

interface DialogButtonProps extends DialogProps {
  label: string;
  /** The label for those who do not see what it stands beside. */
  description?: string | undefined;
  class?: string | undefined;
}

/** A dialog with the button that opens it. */
export const DialogButton = ({ label, description, class: look = 'quiet', ...dialog }: DialogButtonProps) => (
  <>
    <button
      {...{ type: 'button', class: look, commandfor: dialog.id, command: 'show-modal' }}
      aria-label={description}
      aria-haspopup="dialog"
    >
      {label}
    </button>
    <Dialog {...dialog} />
  </>
);
