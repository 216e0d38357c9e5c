/** Thrown by `readText` for a body of more than `limit` bytes. */
export class BodyTooLarge extends Error {}

/** The whole body as text. Stops reading, and throws `BodyTooLarge`, as soon as it has seen more than `limit` bytes. */
export async function readText(source: Request | Response, limit: number): Promise<string> {
  const declared = source.headers.get('content-length');
  if (declared !== null && Number(declared) > limit) throw new BodyTooLarge();
  // A declared length is enforced by the server; an encoded body can still grow, and a chunked one has no length at all.
  if (declared !== null && !source.headers.has('content-encoding')) return source.text();
  if (!source.body) return '';

  const decoder = new TextDecoder();
  const reader = source.body.getReader();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > limit) {
      await reader.cancel().catch(() => {});
      throw new BodyTooLarge();
    }
    text += decoder.decode(value, { stream: true });
  }
}
