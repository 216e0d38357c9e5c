import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The keyed hash of a whole text, in hexadecimal. */
export type KeyedHash = (text: string) => string;

/** Raw bytes as a key that shows nothing of itself when it is printed or serialised. There must be 32 of them. */
export function createKey(bytes: Uint8Array): KeyObject {
  if (bytes.length !== KEY_BYTES) throw new Error(`A key has ${KEY_BYTES} bytes; this one has ${bytes.length}.`);
  return createSecretKey(bytes);
}

/** A key for one purpose only, so that no two uses of the same master key can be played against each other. HKDF-SHA256. */
export function deriveKey(master: KeyObject, purpose: string): KeyObject {
  return createKey(new Uint8Array(hkdfSync('sha256', master.export(), '', purpose, KEY_BYTES)));
}

/** HMAC-SHA256 under `key`: equal texts have equal hashes, and without the key nobody can make or test one. */
export function createKeyedHash(key: KeyObject): KeyedHash {
  return (text) => createHmac('sha256', key).update(text).digest('hex');
}

/**
 * Encrypts with AES-256-GCM: nonce, ciphertext and tag, base64. `context` says what the text belongs to; it is not kept in
 * the result, but `open` needs the same one, so a sealed text moved elsewhere does not open there.
 */
export function seal(key: KeyObject, plaintext: string, context: string): string {
  return sealBytes(key, Buffer.from(plaintext, 'utf8'), context).toString('base64');
}

/** The same for bytes, as bytes. */
export function sealBytes(key: KeyObject, plaintext: Uint8Array, context: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(context));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([nonce, ciphertext, cipher.getAuthTag()]);
}

/** What `seal` encrypted. Throws when the key or the context is another one, or the text was changed. */
export function open(key: KeyObject, sealed: string, context: string): string {
  return openBytes(key, Buffer.from(sealed, 'base64'), context).toString('utf8');
}

/** What `sealBytes` encrypted, or it throws. */
export function openBytes(key: KeyObject, bytes: Uint8Array, context: string): Buffer {
  if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new Error('A sealed text is too short to be one.');
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(-TAG_BYTES));
  const start = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
  return Buffer.concat([start, decipher.final()]);
}
