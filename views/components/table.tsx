import type { Child } from '../jsx/jsx-runtime.ts';

interface Column {
  label: string;
  /** `right` for numbers. */
  class?: 'right' | undefined;
  /** Headed for screen readers alone, such as a column of buttons. */
  isUnlabelled?: boolean | undefined;
}

/**
 * A cell says where it goes when the screen is too narrow for columns: `lead` and `lead-end` make the first line of a row,
 * `sub` and `sub-end` the second, and `wide` is left out.
 */
interface TableProps {
  /** What the table holds, for those who cannot see it. */
  caption: string;
  columns: readonly Column[];
  children: Child;
}

export const Table = ({ caption, columns, children }: TableProps) => (
  <div class="table-frame">
    <table>
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th scope="col" class={column.class}>
              {column.isUnlabelled ? <span class="unseen">{column.label}</span> : column.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
);

/** What stands in the place of a table without rows. */
export const Empty = ({ title, children }: { title: string; children?: Child }) => (
  <div class="empty">
    <p class="empty-title">{title}</p>
    <p class="muted">{children}</p>
  </div>
);
