import type { PlainFrame } from '../frame.ts';
import type { Child } from '../jsx/jsx-runtime.ts';

interface Column {
  label: string;
  /** `right` for numbers. */
  class?: 'right' | undefined;
  /** Headed for screen readers alone, such as a column of buttons. */
  isUnlabelled?: boolean | undefined;
  /** Where the page sorted by this column is, without a slash in front. */
  sortHref?: string | undefined;
  sorted?: 'ascending' | 'descending' | undefined;
}

/**
 * A cell says where it goes when the screen is too narrow for columns: `lead` and `lead-end` make the first line of a row,
 * `sub` and `sub-end` the second, and `wide` is left out.
 */
interface TableProps {
  /** What the table holds, for those who cannot see it. */
  caption: string;
  columns: readonly Column[];
  id?: string | undefined;
  children: Child;
}

export const Table = ({ caption, columns, id, children }: TableProps) => (
  <div class="table-frame" id={id}>
    <table>
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th scope="col" class={column.class} aria-sort={column.sorted}>
              <Heading column={column} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
);

const Heading = ({ column }: { column: Column }) => {
  if (column.isUnlabelled) return <span class="unseen">{column.label}</span>;
  if (column.sortHref === undefined) return <>{column.label}</>;
  return (
    <a class="sort" href={column.sortHref}>
      {column.label}
      <span class="arrow" aria-hidden="true">
        {column.sorted === 'ascending' ? '↑' : column.sorted === 'descending' ? '↓' : ''}
      </span>
    </a>
  );
};

/** What stands in the place of a table without rows. */
export const Empty = ({ title, children }: { title: string; children?: Child }) => (
  <div class="empty">
    <p class="empty-title">{title}</p>
    <p class="muted">{children}</p>
  </div>
);

interface PagerProps {
  frame: PlainFrame;
  /** Where the neighbours are, without a slash in front; null where there is none. */
  newer: string | null;
  older: string | null;
}

/** Forth and back through a long list, by the key of its last row and not by counting. */
export const Pager = ({ frame, newer, older }: PagerProps) => (
  <nav class="pager" aria-label={frame.t.common.pager}>
    {newer !== null && (
      <a class="button" rel="prev" href={newer}>
        ← {frame.t.common.newer}
      </a>
    )}
    {older !== null && (
      <a class="button" rel="next" href={older}>
        {frame.t.common.older} →
      </a>
    )}
  </nav>
);
