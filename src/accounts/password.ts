import { GatewayError } from '../errors.ts';

/** 64 MiB and two passes: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html asks for less. */
const ARGON2ID = { algorithm: 'argon2id', memoryCost: 65_536, timeCost: 2 } as const;

/** A hash that belongs to nobody, with the same parameters: checking against it takes as long as against anybody's. */
export const NOBODYS_HASH =
  '$argon2id$v=19$m=65536,t=2,p=1$+PukJ/j9Oap/T+rJ7sk1nTA7qY/PL1DLiXqHGwTEBHE$jPG3VyjEfVO9iXXoz3C+do8wYF//mwIOC3BCk078vXU';

const PARALLEL = 2;
const MAX_WAITING = 32;

export type Passwords = ReturnType<typeof createPasswords>;

/** Hashes and checks passwords, two at a time: each takes 64 MiB, so a crowd at the door must not be let in at once. */
export function createPasswords() {
  const waiting: (() => void)[] = [];
  let running = 0;

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (waiting.length >= MAX_WAITING) {
      throw new GatewayError(
        'rate_limited',
        'Too many people are signing in at this moment. Try again in a few seconds.',
        {
          retryAfterSeconds: 5,
        },
      );
    }
    if (running >= PARALLEL) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      // The place is handed over, not given back, so that nobody can slip in between.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  }

  function hash(password: string): Promise<string> {
    return inTurn(() => Bun.password.hash(normalize(password), ARGON2ID));
  }

  /** Against `null`, somebody unknown, it is false after the same time. */
  function verify(password: string, storedHash: string | null): Promise<boolean> {
    return inTurn(async () => {
      const isRight = await Bun.password.verify(normalize(password), storedHash ?? NOBODYS_HASH);
      return isRight && storedHash !== null;
    });
  }

  return { hash, verify };
}

/** The same letters can be typed as different code points: https://pages.nist.gov/800-63-4/sp800-63b.html (3.1.1.2). */
function normalize(password: string): string {
  return password.normalize('NFKC');
}
