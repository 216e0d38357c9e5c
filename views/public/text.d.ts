// What `import text from './x.css' with { type: 'text' }` gives.
declare module '*.css' {
  const text: string;
  export default text;
}

declare module '*.svg' {
  const text: string;
  export default text;
}

declare module '*.js' {
  const text: string;
  export default text;
}
