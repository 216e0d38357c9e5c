import { expect } from 'bun:test';

/** The error a promise fails with; for tests, which fail where it does not. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  const error = await promise.then(
    () => 'It did not fail.',
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Error);
  return error;
}
