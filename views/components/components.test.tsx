import { expect, test } from 'bun:test';
import { parseHTML } from 'linkedom';
import { type Frame, plainFrame } from '../frame.ts';
import { Page } from '../layout.tsx';
import { ChartFigure } from './chart.tsx';
import { CopyButton, Snippet } from './copy.tsx';
import { DialogButton } from './dialog.tsx';
import { Checkbox, ConfirmButton, ErrorNote, Field, FilterForm, MoneyField, Select, TextArea } from './form.tsx';
import { Money } from './money.tsx';
import { Notice } from './notice.tsx';
import { Details, PageHead, Tabs } from './page-head.tsx';
import { Badge, Bar, BudgetBar, Progress, StatusLight } from './signs.tsx';
import { Delta, Stat, Stats } from './stat.tsx';
import { Empty, Pager, Table } from './table.tsx';
import { Time } from './time.tsx';

const NOW = Date.UTC(2030, 0, 1);

const frameOf = (language: 'en' | 'es', text: string): Frame => ({
  ...plainFrame(language, NOW),
  assets: { style: 's', htmx: 'h', script: 'p', charts: 'c', icon: 'i' },
  ...{ basePath: '', path: 'dashboard', theme: 'system', page: null, notice: text },
  viewer: { name: text, role: 'admin', formToken: 'token' },
});

/** Every component there is, with the same text wherever it takes one. */
function everything(frame: Frame, text: string) {
  const error = { message: text, field: 'a' };
  const tabs = [{ label: text, href: text, isCurrent: true }];
  return (
    <Page title={text} frame={frame} hasCharts>
      <PageHead title={text} lead={text}>
        <CopyButton frame={frame} from={text} />
      </PageHead>
      <Tabs label={text} tabs={tabs} />
      <Details summary={text}>{text}</Details>
      <Stats>
        <Stat label={text} value={text}>
          <Delta {...{ frame, before: 2, after: 3, moreIs: 'good' }} />
        </Stat>
      </Stats>
      <Table caption={text} columns={[{ label: text, sortHref: text, sorted: 'ascending' }, { label: text }]}>
        <tr>
          <td>
            <Money frame={frame} nanoUsd={null} /> <Time frame={frame} at={NOW - 5000} />
          </td>
          <td>
            <Badge tone="warn" title={text}>
              {text}
            </Badge>
            <StatusLight {...{ frame, state: 'bad', label: text }} />
            <Bar {...{ label: text, value: 9, max: 10, text }} />
            <BudgetBar {...{ frame, label: text, spentNanoUsd: 1e9, budgetNanoUsd: 1e10 }} />
            <Progress label={text} share={0.5} text={text} />
          </td>
        </tr>
      </Table>
      <Pager frame={frame} newer={text} older={text} />
      <Empty title={text}>{text}</Empty>
      <Notice kind="danger">{text}</Notice>
      <ErrorNote error={{ message: text }} />
      <FilterForm frame={frame} action="dashboard" target="#rows">
        <Field {...{ label: text, name: 'a', value: text, hint: text, placeholder: text, error }} />
        <Select {...{ label: text, name: 'b', value: text, options: [{ value: text, label: text }] }} />
        <TextArea {...{ label: text, name: 'c', value: text }} />
        <Checkbox {...{ label: text, name: 'd', value: 'on', checked: true }} />
        <MoneyField {...{ label: text, name: 'e', value: text }} />
      </FilterForm>
      <DialogButton {...{ frame, id: 'dialog', title: text, label: text }}>{text}</DialogButton>
      <ConfirmButton {...{ frame, id: 'confirm', action: 'dashboard', verb: text, subject: text }}>
        {text}
      </ConfirmButton>
      <Snippet frame={frame} id="snippet" tabs={[{ label: text, code: text }]} />
      <ChartFigure
        {...{ frame, id: 'chart', title: text, kind: 'bar', unit: 'money' }}
        data={{ labels: [text], series: [{ label: text, values: [5e9] }] }}
      />
    </Page>
  ).toString();
}

const tagsOf = (html: string): string[] => {
  const { document } = parseHTML(html);
  return [...document.querySelectorAll('*')].map(({ tagName, attributes }) => {
    return [tagName, ...[...attributes].map(({ name }) => name)].join(' ');
  });
};

test.each([
  ['a script', '<script>alert(1)</script><img src=x onerror=alert(2)>'],
  ['the end of an attribute', `"onload="alert(1)" 'onclick='x' \`><svg/onload=x>`],
  ['text from right to left', '\u202Eevil\u202C שלום مرحبا'],
  ['pictures', '👩‍👩‍👧‍👦🏴‍☠️\u0000'],
  ['the end of a text field', '</textarea></title></option><script>x</script>'],
  ['a link that runs', 'javascript:alert(1)'],
])('%s changes nothing about a page but its text', (_, hostile) => {
  for (const language of ['en', 'es'] as const) {
    const calm = tagsOf(everything(frameOf(language, 'calm'), 'calm'));
    const html = everything(frameOf(language, hostile), hostile);
    // An address that could run is left out, with its attribute.
    const withoutLinks = (tags: string[]) => tags.map((tag) => tag.replace(/ href/g, ''));
    expect(withoutLinks(tagsOf(html))).toEqual(withoutLinks(calm));
    expect(html).not.toMatch(/href="\s*javascript/i);
  }
});

test('a hundred kilobytes of it open no tag either', () => {
  const count = (html: string) => [html.split('<').length, html.split('"').length];
  const html = everything(frameOf('en', 'x'), '<b id="x">'.repeat(10_000));
  expect(count(html)).toEqual(count(everything(frameOf('en', 'x'), 'x')));
});

test('a bar says in words what it shows, and warns before the end', () => {
  const bar = (value: number) => Bar({ label: 'Spend', value, max: 10, text: `${value} of 10` }).toString();
  expect(bar(5)).toBe(
    '<span class="bar-meter"><span class="bar-text number">5 of 10</span>' +
      '<progress aria-label="Spend" value="5" max="10">5 of 10</progress></span>',
  );
  expect([bar(8).includes('"bar-meter high"'), bar(12).includes('"bar-meter full"')]).toEqual([true, true]);
});

test('a chart without a script is a table of its figures', () => {
  const { document } = parseHTML(everything(frameOf('es', 'x'), 'x'));
  expect(document.querySelector('.chart-table td.number')?.textContent.replace('\u00a0', ' ')).toBe('5,00 US$');
  expect(document.querySelector('canvas')?.hasAttribute('hidden')).toBe(true);
});

test('a field that was refused says so where it stands', () => {
  const html = Field({ label: 'Name', name: 'name', hint: 'Short.', error: { message: 'Too long.', field: 'name' } });
  expect(html.toString()).toContain('aria-invalid="true" aria-describedby="error-name hint-name"');
  expect(html.toString()).toContain('<p class="field-error" id="error-name">Too long.</p>');
});
