import { Html } from '@elysiajs/html';
import type { Elements } from './attributes.ts';
import { type Child, Raw } from './raw.ts';

export { type Child, Raw };

type Props = { children?: unknown; [name: string]: unknown };
/** Null is a component with nothing to show. */
type Component = (props: never) => Raw | null;

/** Attributes whose value is fetched, opened or sent to. */
const URL_ATTRIBUTES = new Set(['href', 'src', 'action', 'formaction', 'ping', 'poster', 'cite', 'data', 'xlink:href']);
const SAFE_SCHEMES = new Set(['http:', 'https:', 'mailto:']);
const ATTRIBUTE_NAME = /^[a-zA-Z_][\w:.-]*$/;
const SPECIAL = new Set(['children', 'key']);

/** HTML that is known to be safe, as it is. The one way around escaping: never for anything a person or a program sent us. */
export function raw(html: string): Raw {
  return new Raw(html);
}

/** What the compiler turns `<a href={url}>{text}</a>` into. Throws on what has no place in a page (an object, inline script). */
export function jsx(tag: string | Component, props: Props): Raw {
  if (typeof tag === 'function') return renderComponent(tag, props);
  const attributes = Html.attributesToString(safeAttributes(tag, props));
  if (Html.isVoidElement(tag)) return new Raw(`<${tag}${attributes}>`);
  if ((tag === 'script' || tag === 'style') && props.children !== undefined) {
    throw new TypeError(`<${tag}> cannot have content: the content policy of our pages forbids it. Make it a file.`);
  }
  return new Raw(`<${tag}${attributes}>${renderChild(props.children)}</${tag}>`);
}

export { jsx as jsxDEV, jsx as jsxs };

export function Fragment(props: { children?: Child }): Raw {
  return new Raw(renderChild(props.children));
}

/** The compiler has checked the props against the component already. */
function renderComponent(component: Component, props: Props): Raw {
  return Reflect.apply(component, undefined, [props]) ?? new Raw('');
}

function renderChild(child: unknown): string {
  if (child instanceof Raw) return child.toString();
  if (typeof child === 'string') return Html.escapeHtml(child);
  if (typeof child === 'number') return String(child);
  if (child === null || child === undefined || typeof child === 'boolean') return '';
  if (Array.isArray(child)) return child.map(renderChild).join('');
  throw new TypeError(`${describe(child)} cannot stand in a page; only text, numbers and elements can.`);
}

function describe(child: unknown): string {
  return child instanceof Promise ? 'A promise' : `A value of type ${typeof child}`;
}

/** Kita escapes only quotes in attributes, so that `&#106;avascript:` would get through: here everything is escaped first. */
function safeAttributes(tag: string, props: Props): Record<string, string | number | true> {
  const safe: Record<string, string | number | true> = {};
  for (const [name, value] of Object.entries(props)) {
    if (SPECIAL.has(name) || value === null || value === undefined || value === false) continue;
    refuseName(tag, name);
    const text = typeof value === 'number' || value === true ? value : attributeText(name, value);
    if (typeof text !== 'string') safe[name] = text;
    else if (!URL_ATTRIBUTES.has(name) || isSafeUrl(text)) safe[name] = Html.escapeHtml(text);
  }
  return safe;
}

function refuseName(tag: string, name: string): void {
  const isInline =
    name === 'style' || name === 'srcdoc' || name === 'attrs' || /^on/i.test(name) || name.startsWith('hx-on');
  if (isInline || !ATTRIBUTE_NAME.test(name))
    throw new TypeError(`<${tag}> cannot have the attribute ${JSON.stringify(name)}.`);
}

function attributeText(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  if (name === 'class' && Array.isArray(value))
    return value.filter((part) => typeof part === 'string' && part !== '').join(' ');
  throw new TypeError(`The attribute ${JSON.stringify(name)} cannot be ${describe(value).toLowerCase()}.`);
}

/** Relative, or of a scheme that cannot run a script. An attribute that is neither is left out. */
function isSafeUrl(url: string): boolean {
  // Browsers drop control characters and spaces inside a scheme, so `java\nscript:` has to be read as they read it.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it looks for.
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(url.replace(/[\u0000-\u0020\u007f-\u009f]/g, ''))?.[0];
  return scheme === undefined || SAFE_SCHEMES.has(scheme.toLowerCase());
}

export namespace JSX {
  export type Element = Raw;
  export type ElementType = keyof Elements | Component;
  export type IntrinsicElements = Elements;
  export interface ElementChildrenAttribute {
    children: unknown;
  }
}
