import { GatewayError } from '../errors.ts';

/** The refusal that a call must end in. */
export function refusalOf(act: () => unknown): GatewayError {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was refused');
}
