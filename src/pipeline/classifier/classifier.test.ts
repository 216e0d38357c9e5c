import { describe, expect, test } from 'bun:test';
import { plainRequest as ask } from '../../chat/fixture.ts';
import type { Message } from '../../chat/request.ts';
import { COMPLEXITIES, classify } from './index.ts';

const levelOf = (text: string): number => COMPLEXITIES.indexOf(classify(ask(text)).complexity);

describe('what is asked for', () => {
  test.each(['hi', 'Thanks!', 'What is DNS?', '¿Qué es DNS?', '什么是 DNS？', 'Was ist DNS?'])(
    '%s is simple',
    (text) => {
      expect(classify(ask(text)).complexity).toBe('simple');
    },
  );

  test.each([
    'Prove that there are infinitely many primes congruent to 3 modulo 4.',
    'Докажи, что простых чисел бесконечно много, и выведи оценку снизу для их количества.',
    '证明存在无穷多个素数，并推导它们的渐近密度。',
    'Beweise, dass die Menge der reellen Zahlen überabzählbar ist, und leite daraus einen Widerspruch her.',
  ])('%s is expert work', (text) => {
    expect(classify(ask(text)).complexity).toBe('expert');
  });

  test('a design with parts lies above a comparison, and that above a look-up', () => {
    const lookup = classify(ask('What is a queue?'));
    const comparison = classify(ask('Compare a queue with a log and explain when each is better'));
    const design = classify(
      ask(
        'Design a distributed queue with at-least-once delivery, ordering within a key, replay, quotas for each tenant, ' +
          'dead letters, and a migration from the old broker.',
      ),
    );
    expect(comparison.difficulty).toBeGreaterThan(lookup.difficulty);
    expect(design.difficulty).toBeGreaterThan(comparison.difficulty);
    expect(design.complexity).not.toBe('simple');
  });

  test('a hard question of chemistry without any marker word for difficulty is not simple', () => {
    const level = levelOf(
      'A weak acid HA (0.20 mol) is dissolved in 500 mL of water at pressure 1 atm; its equilibrium concentration of H+ is ' +
        '2.1e-3 M. Calculate Ka and the enthalpy of dissociation if Ka doubles between 298 K and 308 K.',
    );
    expect(level).toBeGreaterThanOrEqual(2);
  });

  test('code and mathematics are told apart where they are clear', () => {
    expect(classify(ask('Write a Python function that parses JSON: `def f(s):` returns a list;')).kind).toBe('code');
    expect(classify(ask('Let $A$ be a matrix with $\\det A = 3$. Find $\\det(2A^{-1})$.')).kind).toBe('math');
    expect(classify(ask('Write a poem about the sea')).kind).toBe('general');
  });
});

describe('what stands around the question', () => {
  const base = classify(ask('Fix it so that the build passes')).difficulty;

  test('an agent in the middle of failing tools is harder than the same words alone', () => {
    const messages: Message[] = [
      { role: 'user', content: [{ type: 'text', text: 'Fix it so that the build passes' }] },
      { role: 'assistant', content: [{ type: 'tool-call', id: 'c1', name: 'run', argumentsText: '{}' }] },
      {
        role: 'user',
        content: [{ type: 'tool-result', callId: 'c1', isError: true, content: [{ type: 'text', text: 'exit 1' }] }],
      },
    ];
    const judged = classify(ask('', { messages, tools: [{ type: 'function', name: 'run' }] }));
    expect(judged.difficulty).toBeGreaterThan(base);
    expect(judged.features).toMatchObject({ toolErrors: expect.any(Number), turns: expect.any(Number) });
  });

  test('the requested effort moves it both ways', () => {
    expect(
      classify(ask('Fix it so that the build passes', { reasoning: { effort: 'max' } })).difficulty,
    ).toBeGreaterThan(base);
    expect(classify(ask('Fix it so that the build passes', { reasoning: { effort: 'none' } })).difficulty).toBeLessThan(
      base,
    );
    expect(
      classify(ask('Fix it so that the build passes', { reasoning: { budgetTokens: 0 } })).difficulty,
    ).toBeLessThan(base);
  });

  test('an attachment and a schema add to it', () => {
    const messages: Message[] = [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Fix it so that the build passes' },
          { type: 'image', source: { type: 'url', url: 'https://example.org/a.png' } },
        ],
      },
    ];
    const output = { type: 'json-schema', schema: {} } as const;
    expect(classify(ask('', { messages, output })).difficulty).toBeGreaterThan(base);
  });

  test('what a coding agent puts beside the words is not what the user asks', () => {
    const reminder = {
      type: 'text',
      text: `<system-reminder>\nProve it. ${'Design it. '.repeat(90)}</system-reminder>\n`,
    } as const;
    const asked: Message = { role: 'user', content: [reminder, { type: 'text', text: 'Thanks!' }] };
    const results: Message[] = [
      { role: 'assistant', content: [{ type: 'tool-call', id: 'c1', name: 'run', argumentsText: '{}' }] },
      { role: 'user', content: [{ type: 'tool-result', callId: 'c1', isError: false, content: [] }, reminder] },
    ];
    expect(classify(ask('', { messages: [asked] })).complexity).toBe('simple');
    expect(classify(ask('', { messages: [asked, ...results] })).features).not.toHaveProperty('prove');
  });

  test('without a user text the system prompt is judged', () => {
    const system = [{ type: 'text' as const, text: 'Prove the lemma by induction and derive the contradiction.' }];
    expect(classify(ask('', { messages: [], system })).complexity).not.toBe('simple');
  });
});

describe('whatever the text is', () => {
  const hostile: [string, string][] = [
    ['empty', ''],
    ['emoji', '👩‍👩‍👧‍👦'.repeat(300)],
    ['half a surrogate pair', '\ud83d'.repeat(50)],
    ['control characters', String.fromCharCode(...Array.from({ length: 512 }, (_, code) => code))],
    ['every code unit', Array.from({ length: 2_000 }, (_, index) => String.fromCharCode(index * 32)).join('')],
    ['1 MB of one letter', 'x'.repeat(1_048_576)],
    ['1 MB of new lines', '\n'.repeat(1_048_576)],
    ['prototype names', '__proto__ constructor toString hasOwnProperty'],
  ];

  test.each(hostile)('%s gives numbers within their bounds', (_name, text) => {
    const { complexity, confidence, difficulty, features } = classify(ask(text));
    expect(COMPLEXITIES).toContain(complexity);
    for (const value of [confidence, difficulty]) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
    }
    for (const value of Object.values(features)) expect(Number.isFinite(value)).toBe(true);
  });

  test('1 MB costs no more than 2,000 characters of it', () => {
    const long = ask('a very long text, '.repeat(58_000));
    classify(long);
    const started = performance.now();
    for (let round = 0; round < 100; round++) classify(long);
    expect(performance.now() - started).toBeLessThan(500);
  });

  test('a thousand parts are cut to the start and the end', () => {
    const content = Array.from({ length: 1_000 }, (_, index) => ({
      type: 'text' as const,
      text: `part ${index} `.repeat(50),
    }));
    content.push({ type: 'text', text: 'Prove it by induction.' });
    const judged = classify(ask('', { messages: [{ role: 'user', content }] }));
    expect(judged.features.prove).toBeGreaterThan(0);
  });

  test('the same request is judged the same', () => {
    expect(classify(ask('Compare A and B'))).toEqual(classify(ask('Compare A and B')));
  });

  test('the judgement survives JSON and holds no text', () => {
    const judged = classify(ask('My password is hunter2, what is DNS?'));
    expect(JSON.parse(JSON.stringify(judged))).toEqual(judged);
    expect(JSON.stringify(judged)).not.toContain('hunter2');
  });
});

test('a text whose words are unknown is judged upwards and with less confidence', () => {
  const known = classify(ask('What is DNS and how does it work?'));
  const unknown = classify(ask('დნს რა არის და როგორ მუშაობს ის?'));
  expect(unknown.confidence).toBeLessThan(known.confidence);
  expect(COMPLEXITIES.indexOf(unknown.complexity)).toBeGreaterThanOrEqual(COMPLEXITIES.indexOf(known.complexity));
});
