/** Where the program's own words go. Prompts, keys and URLs with queries never do. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  /** `cause` is logged with its stack: for bugs, not for what a client or a provider did. */
  error(message: string, cause?: unknown): void;
}

export const consoleLog: Log = {
  info: (message) => console.log(message),
  warn: (message) => console.warn(`warning: ${message}`),
  error(message, cause) {
    console.error(`error: ${message}`);
    for (let at = cause; at instanceof Error; at = at.cause) console.error(at.stack ?? at.message);
  },
};
