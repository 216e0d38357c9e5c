/** Conversations in neutral form: what is said, which tools there are, and what must come of it. */
export interface Conversation {
  id: string;
  title: string;
  system?: string;
  tools?: ToolSpec[];
  /** What the tools give back, by name. */
  results?: Readonly<Record<string, ToolGives>>;
  /** The answer has to be an instance of it. */
  schema?: Record<string, unknown>;
  thinks?: boolean;
  maxTokens?: number;
  stop?: string[];
  /** How many answers are wanted. */
  answers?: number;
  steps: Step[];
}

export interface ToolSpec {
  name: string;
  description: string;
  parameters: Record<string, unknown>;
}

export interface ToolGives {
  text: string;
  isError?: boolean;
}

/** One request. A step without words hands in the results of the tools that were just called. */
export interface Step {
  say?: string;
  attach?: { kind: 'image' | 'pdf'; mediaType: string; base64: string };
  toolChoice?: 'none' | { name: string };
  expect: Expected;
}

export interface Expected {
  finish: 'stop' | 'length' | 'tool-calls' | 'refusal';
  /** Pieces of the text, in any order. */
  text?: string[];
  /** Pieces the text must not hold. */
  without?: string[];
  /** Nothing at all was said. */
  isSilent?: true;
  calls?: { name: string; args: unknown }[];
  json?: unknown;
  /** A piece of each answer. */
  answers?: string[];
  /** What the provider must have been sent, as it stands in its JSON. */
  upstream?: string[];
}

const say = (text: string): string => `[[sim:say=${text}]]`;

const cityTool = (name: string, what: string): ToolSpec => ({
  name,
  description: `Tells ${what} of a city.`,
  parameters: {
    type: 'object',
    properties: { city: { type: 'string', description: 'The name of the city.' } },
    required: ['city'],
    additionalProperties: false,
  },
});
const WEATHER = cityTool('get_weather', 'the weather');
const TIME = cityTool('get_time', 'the time');

/** One red pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
const PDF = Buffer.from(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n' +
    '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n',
).toString('base64');

const SENTENCE =
  'Grüße 👩‍👩‍👧‍👦 aus 東京 — "naïve" \\ back\\slash, tab\there, שלום, 🏳️‍🌈, é (e + ´), 𝕌𝕟𝕚𝕔𝕠𝕕𝕖 & <b>tags</b>.\n';
const LONG = SENTENCE.repeat(60).trim();

export const CONVERSATIONS: Conversation[] = [
  {
    id: 'text',
    title: 'plain text',
    steps: [
      {
        say: `Say hello. ${say('Hello from the other side!')}`,
        expect: { finish: 'stop', text: ['Hello from the other side!'] },
      },
    ],
  },
  {
    id: 'turns',
    title: 'instructions and several turns',
    system: 'You count, and you say nothing else.',
    steps: ['One.', 'Two.', 'Three.'].map((word) => ({
      say: `Go on. ${say(word)}`,
      expect: { finish: 'stop', text: [word], upstream: ['You count, and you say nothing else.'] },
    })),
  },
  {
    id: 'tool-loop',
    title: 'a tool is called and answered',
    tools: [WEATHER],
    results: { get_weather: { text: '12 degrees and rain' } },
    steps: [
      {
        say: 'Call get_weather for "Berlin".',
        expect: { finish: 'tool-calls', calls: [{ name: 'get_weather', args: { city: 'Berlin' } }] },
      },
      { expect: { finish: 'stop', text: ['get_weather returned: ', '12 degrees and rain'] } },
    ],
  },
  {
    id: 'parallel-tools',
    title: 'two tools at once, one of which fails',
    tools: [WEATHER, TIME],
    results: { get_weather: { text: '21 degrees' }, get_time: { text: 'the clock service is down', isError: true } },
    steps: [
      {
        say: 'Call get_weather for "Lima" and get_time for "Oslo".',
        expect: {
          finish: 'tool-calls',
          calls: [
            { name: 'get_weather', args: { city: 'Lima' } },
            { name: 'get_time', args: { city: 'Oslo' } },
          ],
        },
      },
      {
        expect: {
          finish: 'stop',
          text: ['get_weather returned: ', '21 degrees', 'get_time returned: ', 'the clock service is down'],
        },
      },
      { say: `Thanks. ${say('You are welcome.')}`, expect: { finish: 'stop', text: ['You are welcome.'] } },
    ],
  },
  {
    id: 'tool-choice',
    title: 'a tool is forced, then forbidden',
    tools: [WEATHER, TIME],
    results: { get_time: { text: 'noon' } },
    steps: [
      {
        say: 'How late is it in "Rome"?',
        toolChoice: { name: 'get_time' },
        expect: { finish: 'tool-calls', calls: [{ name: 'get_time', args: { city: 'Rome' } }] },
      },
      { expect: { finish: 'stop', text: ['get_time returned: ', 'noon'] } },
      {
        say: `Call get_weather for "Rome". ${say('I will not.')}`,
        toolChoice: 'none',
        expect: { finish: 'stop', text: ['I will not.'], calls: [] },
      },
    ],
  },
  {
    id: 'image',
    title: 'an image in base64',
    steps: [
      {
        say: `What is this? ${say('A red pixel.')}`,
        attach: { kind: 'image', mediaType: 'image/png', base64: PNG },
        expect: { finish: 'stop', text: ['A red pixel.'], upstream: [PNG, 'image/png'] },
      },
    ],
  },
  {
    id: 'pdf',
    title: 'a PDF in base64',
    steps: [
      {
        say: `What does it say? ${say('Nothing: the page is empty.')}`,
        attach: { kind: 'pdf', mediaType: 'application/pdf', base64: PDF },
        expect: { finish: 'stop', text: ['the page is empty'], upstream: [PDF, 'application/pdf'] },
      },
    ],
  },
  {
    id: 'schema',
    title: 'an answer that keeps to a JSON schema',
    schema: {
      type: 'object',
      properties: {
        city: { type: 'string' },
        inhabitants: { type: 'integer' },
        isCapital: { type: 'boolean' },
        rivers: { type: 'array', items: { type: 'string' } },
      },
      required: ['city', 'inhabitants', 'isCapital', 'rivers'],
      additionalProperties: false,
    },
    steps: [
      {
        say: 'Fill in: "Rome", 2800000, "Tiber".',
        expect: {
          finish: 'stop',
          json: { city: 'Rome', inhabitants: 2_800_000, isCapital: true, rivers: ['Tiber'] },
        },
      },
    ],
  },
  {
    id: 'thinking',
    title: 'the model thinks first',
    thinks: true,
    steps: [{ say: `Think hard. ${say('I have thought.')}`, expect: { finish: 'stop', text: ['I have thought.'] } }],
  },
  {
    id: 'thinking-tools',
    title: 'tools and thinking over several turns',
    thinks: true,
    tools: [WEATHER, TIME],
    results: { get_weather: { text: '5 degrees' }, get_time: { text: 'midnight' } },
    steps: [
      {
        say: 'Call get_weather for "Kyiv".',
        expect: { finish: 'tool-calls', calls: [{ name: 'get_weather', args: { city: 'Kyiv' } }] },
      },
      { expect: { finish: 'stop', text: ['get_weather returned: ', '5 degrees'] } },
      {
        say: 'Now call get_weather for "Riga" and get_time for "Bern".',
        expect: {
          finish: 'tool-calls',
          calls: [
            { name: 'get_weather', args: { city: 'Riga' } },
            { name: 'get_time', args: { city: 'Bern' } },
          ],
        },
      },
      { expect: { finish: 'stop', text: ['get_weather returned: ', '5 degrees', 'get_time returned: ', 'midnight'] } },
      { say: `And? ${say('That was all.')}`, expect: { finish: 'stop', text: ['That was all.'] } },
    ],
  },
  {
    id: 'refusal',
    title: 'the model declines',
    steps: [{ say: 'Help me with something bad. [[sim:refuse]]', expect: { finish: 'refusal', calls: [] } }],
  },
  {
    id: 'truncation',
    title: 'the limit of tokens cuts the answer',
    maxTokens: 24,
    steps: [
      {
        say: `Tell me everything. ${say(`It all began ${'so very '.repeat(60)}long ago. THE END`)}`,
        expect: { finish: 'length', text: ['simulated'], without: ['THE END'] },
      },
    ],
  },
  {
    id: 'stop-sequence',
    title: 'a stop sequence ends the answer',
    stop: ['HALT'],
    steps: [
      {
        say: `Count. ${say('one two HALT three')}`,
        expect: { finish: 'stop', text: ['one two'], without: ['HALT', 'three'] },
      },
    ],
  },
  {
    id: 'unicode',
    title: 'a long text in many scripts',
    system: 'Réponds en français, 日本語 or emoji 🎌.',
    steps: [
      {
        say: `Recite. [[sim:chunks=80]] ${say(LONG)}`,
        expect: { finish: 'stop', text: [LONG], upstream: ['Réponds en français, 日本語 or emoji 🎌.'] },
      },
    ],
  },
  {
    id: 'silence',
    title: 'the model says nothing at all',
    steps: [
      { say: 'Be quiet. [[sim:silent]]', expect: { finish: 'stop', isSilent: true } },
      { say: `Speak again. ${say('Here I am.')}`, expect: { finish: 'stop', text: ['Here I am.'] } },
    ],
  },
  {
    id: 'several-answers',
    title: 'two answers to one question',
    answers: 2,
    steps: [
      {
        say: `Name a colour. ${say('Blue.')}`,
        expect: { finish: 'stop', text: ['Blue.'], answers: ['Blue.', '(2) Blue.'] },
      },
    ],
  },
];
