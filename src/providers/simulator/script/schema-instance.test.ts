import { describe, expect, test } from 'bun:test';
import type { JsonObject } from '../../../lib/json.ts';
import { findHints, instanceOf } from './schema-instance.ts';

function make(schema: JsonObject, text = ''): unknown {
  return instanceOf(schema, findHints(text));
}

describe('an instance of a schema', () => {
  test('has every required property in its type', () => {
    const schema = {
      type: 'object',
      properties: {
        name: { type: 'string' },
        age: { type: 'integer', minimum: 18 },
        score: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
        isOpen: { type: 'boolean' },
        colour: { enum: ['red', 'green'] },
        kind: { const: 'x' },
        tags: { type: 'array', items: { type: 'string' }, minItems: 2 },
        note: { type: ['null', 'string'] },
        when: { type: 'string', format: 'date-time' },
        extra: { type: 'string' },
      },
      required: ['name', 'age', 'score', 'isOpen', 'colour', 'kind', 'tags', 'note', 'when'],
    };
    expect(make(schema)).toEqual({
      name: 'example name',
      age: 18,
      score: 1,
      isOpen: true,
      colour: 'red',
      kind: 'x',
      tags: ['example tags', 'example tags'],
      note: 'example note',
      when: '2026-01-15T09:30:00Z',
    });
  });

  test('takes numbers, names and choices from what the user wrote', () => {
    const sum = { type: 'object', properties: { a: { type: 'integer' }, b: { type: 'number' } }, required: ['a', 'b'] };
    expect(make(sum, 'Add 2 and 3.5')).toEqual({ a: 2, b: 3.5 });
    const weather = {
      type: 'object',
      properties: { city: { type: 'string' }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
      required: ['city', 'unit'],
    };
    expect(make(weather, 'What is it like in New York, in Fahrenheit?')).toEqual({
      city: 'New York',
      unit: 'fahrenheit',
    });
    expect(make({ type: 'string' }, 'Look for "red shoes" please')).toBe('red shoes');
  });

  test('understands Google, whose types are in capitals or numbers', () => {
    expect(make({ type: 'OBJECT', properties: { n: { type: 'INTEGER' } }, required: ['n'] })).toEqual({ n: 1 });
    expect(make({ type: 6, properties: { s: { type: 1 } }, required: ['s'] })).toEqual({ s: 'example s' });
  });

  test('follows references, alternatives and conjunctions', () => {
    const schema = {
      $ref: '#/$defs/pair',
      $defs: {
        pair: {
          allOf: [
            { properties: { a: { $ref: '#/$defs/n' } }, required: ['a'] },
            { properties: { b: {} }, required: ['b'] },
          ],
        },
        n: { anyOf: [{ type: 'null' }, { type: 'number' }] },
      },
    };
    expect(make(schema)).toEqual({ a: 1, b: 'example b' });
    expect(make({ prefixItems: [{ type: 'integer' }, { type: 'boolean' }] })).toEqual([1, true]);
  });

  test('ends, however deep or circular the schema is', () => {
    const node: JsonObject = { type: 'object', properties: { next: { $ref: '#' } }, required: ['next'] };
    expect(JSON.stringify(make(node)).length).toBeLessThan(500);
    expect(make({ $ref: '#/a', a: { $ref: '#/a' } })).toBe('example');
    expect(make({ type: 'array', items: { type: 'string' }, minItems: 1e9 })).toHaveLength(20);
    const wide = { type: 'array', minItems: 20, items: { $ref: '#' } };
    const started = performance.now();
    make(wide);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test('keeps to its object when a property is called __proto__', () => {
    const schema = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"integer"}},"required":["__proto__"]}',
    );
    expect(JSON.stringify(make(schema))).toBe('{"__proto__":1}');
    expect(make({ type: 'string', format: 'constructor' })).toBe('example');
  });
});
