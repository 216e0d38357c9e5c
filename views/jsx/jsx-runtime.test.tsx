import { expect, test } from 'bun:test';
import { type Child, Fragment, type JSX, jsx, Raw, raw } from './jsx-runtime.ts';

const HOSTILE = `<script>alert("1")</script>'&amp;`;
const ESCAPED = '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#x27;&amp;amp;';

const html = (element: Raw) => element.toString();

test('text is escaped wherever it stands', () => {
  const isTrue = HOSTILE.length > 0;
  const Box = ({ title, children }: { title: string; children?: Raw }) => (
    <section>
      {title}
      {children}
    </section>
  );
  expect(html(<p>{HOSTILE}</p>)).toBe(`<p>${ESCAPED}</p>`);
  expect(html(<p>{isTrue ? HOSTILE : ''}</p>)).toBe(`<p>${ESCAPED}</p>`);
  expect(html(<p>{[HOSTILE, [HOSTILE]]}</p>)).toBe(`<p>${ESCAPED}${ESCAPED}</p>`);
  expect(html(Fragment({ children: HOSTILE }))).toBe(ESCAPED);
  expect(
    html(
      <Box title={HOSTILE}>
        <b>{HOSTILE}</b>
      </Box>,
    ),
  ).toBe(`<section>${ESCAPED}<b>${ESCAPED}</b></section>`);
});

test('attributes cannot be left, and entities in them are text', () => {
  expect(html(<input value={HOSTILE} />)).toBe(`<input value="${ESCAPED}">`);
  expect(html(<i title={'" onclick="x'} />)).toBe('<i title="&quot; onclick=&quot;x"></i>');
  expect(html(<i class={['a', false, undefined, HOSTILE]} />)).toBe(`<i class="a ${ESCAPED}"></i>`);
  expect(html(<nav data-x={HOSTILE} aria-label={HOSTILE} />)).toBe(
    `<nav data-x="${ESCAPED}" aria-label="${ESCAPED}"></nav>`,
  );
});

test('numbers, flags and nothing are written as HTML has them', () => {
  expect(html(<input maxlength={5} required disabled={false} name={undefined} />)).toBe(
    '<input maxlength="5" required>',
  );
  expect(
    html(
      <p>
        {0}
        {null}
        {undefined}
        {false}
        {true}
      </p>,
    ),
  ).toBe('<p>0</p>');
  expect(html(<br />)).toBe('<br>');
  expect(html(<script src="/a.js" defer={true} />)).toBe('<script src="/a.js" defer></script>');
});

test.each([
  'javascript:alert(1)',
  ' JavaScript:alert(1)',
  'java\nscript:alert(1)',
  '\u0001javascript:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  'blob:x',
])('the link %j is left out', (url) => {
  expect(html(<a href={url}>x</a>)).toBe('<a>x</a>');
  expect(html(<form action={url} />)).toBe('<form></form>');
  expect(html(<img src={url} alt="" />)).toBe('<img alt="">');
});

test.each(['/a?b=c', 'a:b', '#x', 'https://a.example/', 'mailto:a@b.example'])(
  'the link %j is kept or harmless',
  (url) => {
    const kept = html(<a href={url}>x</a>);
    expect(kept).toBe(url === 'a:b' ? '<a>x</a>' : `<a href="${url}">x</a>`);
  },
);

test('an entity cannot smuggle a scheme in', () => {
  expect(html(<a href={'&#106;avascript&colon;alert(1)'}>x</a>)).toBe(
    '<a href="&amp;#106;avascript&amp;colon;alert(1)">x</a>',
  );
});

test('inline script and style, and names that are no names, are refused', () => {
  const spread = (props: object) => () => jsx('p', { ...props });
  for (const name of ['onclick', 'ONCLICK', 'style', 'srcdoc', 'attrs', 'hx-on:click', 'a b', 'x><script', '"', '']) {
    expect(spread({ [name]: 'x' })).toThrow(TypeError);
  }
  expect(() => jsx('script', { children: 'alert(1)' })).toThrow('cannot have content');
  expect(() => jsx('style', { children: raw('a{}') })).toThrow('cannot have content');
});

test('promises, objects and functions are refused, as children and as attributes', () => {
  for (const value of [Promise.resolve('x'), { html: '<b>' }, () => 'x', new Map(), Symbol('x'), 1n]) {
    expect(() => jsx('p', { children: value })).toThrow(TypeError);
    expect(() => jsx('p', { children: [[value]] })).toThrow(TypeError);
    expect(() => jsx('p', { title: value })).toThrow(TypeError);
  }
  // An object that looks like finished HTML is not finished HTML.
  expect(() => Fragment({ children: { html: '<b>', __proto__: null } as never })).toThrow(TypeError);
});

test('only raw() gets around escaping', () => {
  expect(html(<p>{raw('<b>safe</b>')}</p>)).toBe('<p><b>safe</b></p>');
  expect(raw('x')).toBeInstanceOf(Raw);
});

/** Whether `Value` may stand between two tags, as the compiler sees it. */
type IsChild<Value> = [Value] extends [Child] ? true : false;
type Attribute<Tag extends keyof JSX.IntrinsicElements> = keyof JSX.IntrinsicElements[Tag];

test('the compiler refuses them too', () => {
  const children: [
    IsChild<string>,
    IsChild<Raw[]>,
    IsChild<Promise<string>>,
    IsChild<{ html: string }>,
    IsChild<Date>,
  ] = [...([true, true, false, false, false] as const)];
  type Refused = Extract<Attribute<'p' | 'a' | 'body'>, 'style' | 'onclick' | 'onload' | 'safe' | 'attrs'>;
  const refused: Refused extends never ? true : false = true;
  const elements: 'blink' extends keyof JSX.IntrinsicElements ? true : false = false;
  expect([children, refused, elements]).toEqual([[true, true, false, false, false], true, false]);
});
