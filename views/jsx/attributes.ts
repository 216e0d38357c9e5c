import type { Child } from './raw.ts';

/** Kita's element table; loading its types declares them in a global `JSX` namespace. */
type KitaElements = import('@elysiajs/html').PropsWithChildren<JSX.IntrinsicElements>;

/** What our runtime refuses, so that it is a type error already: inline style and script, and Kita's own ways around escaping. */
type Refused = 'children' | 'style' | 'safe' | 'attrs' | 'className' | 'key' | 'srcdoc' | `on${string}`;

type Attributes<Given> = { [Name in keyof Given as Name extends Refused ? never : Name]: Given[Name] } & {
  children?: Child;
  [data: `data-${string}` | `aria-${string}` | `hx-${string}`]: string | number | boolean | undefined;
};

/** SVG has too many attributes to list; none of them takes anything but text and numbers. */
type SvgAttributes = { children?: Child; [name: string]: Child };

/** HTML elements with typed attributes, and those of SVG that are used here. Elements of Kita that take any attribute are left out. */
export type Elements = {
  [Tag in Exclude<keyof KitaElements, 'children'> as string extends keyof KitaElements[Tag] ? never : Tag]: Attributes<
    KitaElements[Tag]
  >;
} & Record<'svg' | 'path' | 'g' | 'rect' | 'circle' | 'line' | 'polyline', SvgAttributes>;
