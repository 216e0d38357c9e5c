/** The proof that thoughts are unchanged. Anthropic's is encrypted; ours is a hash that says so when it is decoded. */
export function signThoughts(thoughts: string): string {
  const hash = Bun.hash.wyhash(thoughts).toString(36);
  return Buffer.from(`signature by the simulator of thoughts with the hash ${hash}, not Anthropic's`).toString(
    'base64',
  );
}
