import type { Vendor } from './call.ts';

const MARK = 'signed by the simulator';

/** The proof a vendor gives out with thoughts. Theirs is encrypted; ours says what it is when it is decoded. */
export function signThoughts(vendor: Vendor, thoughts: string): string {
  const hash = Bun.hash.wyhash(thoughts).toString(36);
  return Buffer.from(`${vendor} ${MARK} for thoughts with the hash ${hash}`).toString('base64');
}

/** Whether a vendor who asks for nothing but its own work would take a signature back. */
export function isSignedBy(vendor: Vendor, signature: string): boolean {
  const text = Buffer.from(signature, 'base64').toString();
  return !text.includes(MARK) || text.startsWith(`${vendor} ${MARK}`);
}

/** Whether the vendor would take a signature back: not one of ours for other thoughts or from another vendor. */
export function isSignatureOf(vendor: Vendor, thoughts: string, signature: string): boolean {
  if (signature === '') return false;
  if (!Buffer.from(signature, 'base64').toString().includes(MARK)) return true;
  return signature === signThoughts(vendor, thoughts);
}
