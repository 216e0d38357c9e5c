import { describe, expect, test } from 'bun:test';
import { findBaseUrlProblem, normalizeBaseUrl, trimBaseUrl } from './base-url.ts';

describe('normalizeBaseUrl', () => {
  test.each([
    ['https://api.openai.com', 'v1', 'https://api.openai.com/v1'],
    ['https://api.openai.com/', 'v1', 'https://api.openai.com/v1'],
    ['https://api.openai.com/v1', 'v1', 'https://api.openai.com/v1'],
    [' https://api.openai.com/v1// ', 'v1', 'https://api.openai.com/v1'],
    ['https://proxy.example/anthropic', 'v1', 'https://proxy.example/anthropic/v1'],
    ['https://generativelanguage.googleapis.com', 'v1beta', 'https://generativelanguage.googleapis.com/v1beta'],
    ['https://example.com/v1alpha1', 'v1beta', 'https://example.com/v1alpha1'],
    ['https://example.com/v1beta/openai/', 'v1', 'https://example.com/v1beta/openai'],
    ['https://example.com/api/paas/v4', 'v1', 'https://example.com/api/paas/v4'],
    ['https://example.com/v1/proxy', 'v1', 'https://example.com/v1/proxy/v1'],
    ['https://example.com/dev1', 'v1', 'https://example.com/dev1/v1'],
    ['http://127.0.0.1:8080', 'v1', 'http://127.0.0.1:8080/v1'],
  ])('%p with %p is %p', (given, version, expected) => {
    expect(normalizeBaseUrl(given, version)).toBe(expected);
  });

  test('stays as it is when it is given its own result', () => {
    const once = normalizeBaseUrl('https://example.com', 'v1beta');
    expect(normalizeBaseUrl(once, 'v1beta')).toBe(once);
  });
});

test('an address with a mistake is refused in a sentence', () => {
  expect(() => normalizeBaseUrl('api.openai.com', 'v1')).toThrow('The base URL must be a URL such as');
  expect(() => normalizeBaseUrl('', 'v1')).toThrow('must be a URL');
  expect(() => normalizeBaseUrl('ftp://example.com', 'v1')).toThrow('must start with https:// or http://');
  expect(() => normalizeBaseUrl('https://example.com/v1?key=1', 'v1')).toThrow('query');
  expect(() => normalizeBaseUrl('https://example.com/v1#', 'v1')).toThrow('fragment');
});

test('a password in an address is refused and never repeated', () => {
  const problem = findBaseUrlProblem('https://me:hunter2@example.com');
  expect(problem).toContain('must not hold a user name or password');
  expect(problem).not.toContain('hunter2');
});

test('an address that is taken as given only loses its last slashes', () => {
  expect(trimBaseUrl('http://localhost:11434/v1/')).toBe('http://localhost:11434/v1');
  expect(trimBaseUrl('http://localhost:11434')).toBe('http://localhost:11434');
});
