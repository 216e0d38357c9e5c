import { z } from 'zod';
import { GatewayError } from '../errors.ts';

export const ROLES = ['admin', 'member', 'viewer'] as const;

const MIN_PASSWORD_LENGTH = 12;
const MAX_PASSWORD_LENGTH = 256;
const MAX_NAME_LENGTH = 100;

const emailAddress = z.email().max(254);

/** An e-mail address as it is kept and compared: trimmed, in lower case. */
export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** The normalised address. Throws `invalid_request`. */
export function checkEmail(email: string): string {
  const normalized = normalizeEmail(email);
  if (emailAddress.safeParse(normalized).success) return normalized;
  throw new GatewayError('invalid_request', 'This is not an e-mail address.', { param: 'email' });
}

/** The trimmed name; whoever gives none is called by the first half of the address. Throws `invalid_request`. */
export function checkPersonName(name: string | undefined, email: string): string {
  const trimmed = name?.trim() || email.slice(0, email.lastIndexOf('@'));
  if (trimmed.length <= MAX_NAME_LENGTH) return trimmed;
  throw new GatewayError('invalid_request', `A name has at most ${MAX_NAME_LENGTH} characters.`, { param: 'name' });
}

/** Throws `invalid_request`. */
export function checkRole(role: unknown): (typeof ROLES)[number] {
  const known = ROLES.find((each) => each === role);
  if (known) return known;
  throw new GatewayError('invalid_request', `A role is one of ${ROLES.join(', ')}.`, { param: 'role' });
}

/** Throws `invalid_request`. Length is what makes a password hard to guess, so there are no rules about its letters. */
export function checkPassword(password: string, email: string): void {
  const complaint = complaintAbout(password, email);
  if (complaint) throw new GatewayError('invalid_request', complaint, { param: 'password' });
}

/** Whether a password could be anybody's at all; spares the hashing of megabytes. */
export function isPossiblePassword(password: string): boolean {
  return password.length <= MAX_PASSWORD_LENGTH;
}

function complaintAbout(password: string, email: string): string | null {
  if (password.length < MIN_PASSWORD_LENGTH) return `A password needs at least ${MIN_PASSWORD_LENGTH} characters.`;
  if (!isPossiblePassword(password)) return `A password has at most ${MAX_PASSWORD_LENGTH} characters.`;
  if (normalizeEmail(password) === email) return 'The password must not be the e-mail address.';
  if (new Set(password).size === 1) return 'The password must not be one character over and over.';
  return null;
}
