import type { Child } from '../jsx/jsx-runtime.ts';

interface Column {
  label: string;
  /** `right` for numbers. `wide` columns are left out where the screen is narrow. */
  class?: 'right' | 'wide' | 'right wide' | undefined;
  /** Headed for screen readers alone, such as a column of buttons. */
  isUnlabelled?: boolean | undefined;
}

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
