import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { Snippets } from '../../views/components/snippets.tsx';
import { plainFrame } from '../../views/frame.ts';
import { startGateway, type TestGateway } from '../gateway.ts';
import { preparePython } from '../python/environment.ts';

// What the Keys page gives people to paste is pasted, and run with the real thing.

/** Inside the repository, so that packages are found; git-ignored. */
const WORK = join(import.meta.dir, '../../test-results/snippets');
const PROGRAMS = { claude: 'Claude Code', codex: 'Codex CLI' } as const;
const python = await preparePython();

let gateway: TestGateway;
let home: string;
let snippets: Map<string, string>;
beforeAll(async () => {
  gateway = await startGateway();
  home = await mkdtemp(join(tmpdir(), 'gateway-home-'));
  await mkdir(WORK, { recursive: true });
  const frame = plainFrame('en', 0);
  const html = Snippets({ frame, keyText: gateway.key, baseUrl: gateway.url }).toString();
  const tabs = [...parseHTML(`<body>${html}</body>`).document.querySelectorAll('details')];
  snippets = new Map(
    tabs.map((tab) => [tab.querySelector('summary')?.textContent ?? '', tab.querySelector('code')?.textContent ?? '']),
  );
});
afterAll(async () => {
  await gateway.stop();
  await rm(home, { recursive: true, force: true });
  await rm(WORK, { recursive: true, force: true });
});

/** What it said, in a home of its own with nothing of ours in it. Throws what it complained of. */
async function run(command: string[]): Promise<string> {
  const env = { HOME: home, PATH: process.env.PATH ?? '', TERM: 'dumb', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' };
  const child = Bun.spawn(command, {
    cwd: WORK,
    env,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    timeout: 60_000,
  });
  const [said, complained] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  if ((await child.exited) !== 0) throw new Error(`${said}\n${complained}`);
  return said;
}

const codeOf = (name: string): string => snippets.get(name) ?? '';

test('curl', async () => {
  expect(await run(['sh', '-c', codeOf('curl')])).toContain('[simulated ');
});

test.each(['OpenAI SDK', 'Anthropic SDK', 'Google Gen AI SDK'])('%s in TypeScript', async (sdk) => {
  const path = join(WORK, `${sdk.replaceAll(' ', '-')}.ts`);
  await Bun.write(path, codeOf(`${sdk} · TypeScript`));
  expect(await run([process.execPath, path])).toContain('[simulated ');
});

test.skipIf('missing' in python).each(['OpenAI SDK', 'Anthropic SDK', 'Google Gen AI SDK'])(
  '%s in Python',
  async (sdk) => {
    const path = 'path' in python ? python.path : '';
    expect(await run([path, '-c', codeOf(`${sdk} · Python`)])).toContain('[simulated ');
  },
);

for (const [program, name] of Object.entries(PROGRAMS)) {
  // They also talk to their makers, so only who asks for it runs them.
  const isHere = process.env.WITH_AGENTS === 'on' && Bun.which(program) !== null;
  if (!isHere) console.log(`Skipped: ${name} itself, which is run where it is installed and WITH_AGENTS=on.`);
  test.skipIf(!isHere)(
    `${name}, twice`,
    async () => {
      const said =
        program === 'claude'
          ? 'claude -p "What is DNS?"'
          : 'codex --profile gateway exec --skip-git-repo-check "What is DNS?"';
      const lines = codeOf(name).split('\n');
      expect(said).toStartWith(lines.pop() ?? 'no line');
      for (let times = 0; times < 2; times++) {
        const answer = await run(['sh', '-ec', [...lines, said].join('\n')]);
        expect(answer).toMatch(/\[simulated .*\] You asked: “What is DNS”/);
      }
    },
    120_000,
  );
}

test('Cursor is told the address with its version, and a name it does not keep to itself', () => {
  expect(codeOf('Cursor')).toContain(`${gateway.url}/v1\n`);
  expect(codeOf('Cursor')).toEndWith(' auto:balanced');
});
