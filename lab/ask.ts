import { plainRequest } from '../src/chat/fixture.ts';

/** A prompt of a data set as the request a program would send: one user turn and nothing else. */
export const requestOf = (prompt: string) => plainRequest(prompt);
