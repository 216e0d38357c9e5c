// What coding agents send, in the shape that Claude Code 2.1 and Codex CLI 0.171 were seen to send it; the texts are our own.

type Json = Record<string, unknown>;

const schema = (properties: Json, required: string[] = []) => ({
  ...{ type: 'object', properties, required, additionalProperties: false },
});

/** One turn of `claude -p "…"` with `ANTHROPIC_BASE_URL`, `ANTHROPIC_AUTH_TOKEN` and `ANTHROPIC_MODEL` set. */
export function claudeCode(key: string, model: string, said: string) {
  const tool = (name: string, properties: Json) => ({
    ...{ name, description: `${name} for the agent.` },
    input_schema: { $schema: 'https://json-schema.org/draft/2020-12/schema', ...schema(properties) },
  });
  const text = (words: string, cache = false) => ({
    ...{ type: 'text', text: words },
    ...(cache && { cache_control: { type: 'ephemeral' } }),
  });
  return {
    path: '/v1/messages?beta=true',
    headers: {
      authorization: `Bearer ${key}`,
      'anthropic-version': '2023-06-01',
      'anthropic-beta':
        'claude-code-20250219,interleaved-thinking-2025-05-14,thinking-token-count-2026-05-13,' +
        'context-management-2025-06-27,prompt-caching-scope-2026-01-05,mid-conversation-system-2026-04-07,effort-2025-11-24',
      'anthropic-dangerous-direct-browser-access': 'true',
      'x-app': 'cli',
      'x-claude-code-session-id': '5cd290b7-a7d5-4df4-8a8a-f6da576877a1',
      'x-stainless-retry-count': '0',
      'user-agent': 'claude-cli/2.1.197 (external, sdk-cli)',
    },
    body: {
      model,
      messages: [
        {
          role: 'user',
          content: [
            text(
              `<system-reminder>\nThe date is 2026-12-01. ${'Prove and design whatever is asked. '.repeat(20)}\n</system-reminder>\n`,
            ),
            text(said, true),
          ],
        },
        { role: 'system', content: 'Agents: Explore looks around, Plan thinks ahead.' },
      ],
      system: [
        text('cc_version=2.1.197; cc_entrypoint=sdk-cli;'),
        text('You are an agent.', true),
        text('Be brief.', true),
      ],
      tools: [
        tool('Bash', { command: { type: 'string' }, timeout: { type: 'number' } }),
        tool('Read', { file_path: { type: 'string' } }),
        tool('Write', { file_path: { type: 'string' }, content: { type: 'string' } }),
      ],
      metadata: { user_id: '{"device_id":"0","account_uuid":"","session_id":"5cd290b7"}' },
      max_tokens: 32_000,
      thinking: { type: 'adaptive' },
      context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
      output_config: { effort: 'high' },
      stream: true,
    },
  };
}

const SESSION = '01a22f8a-5478-7201-a4da-98a5afab4185';

const codexTool = (name: string, properties: Json, required: string[] = []) => ({
  ...{ type: 'function', name, description: `${name} for the agent.`, strict: false },
  parameters: schema(properties, required),
});

const AGENTS = {
  type: 'namespace',
  name: 'multi_agent_v1',
  description: 'Tools for spawning and managing sub-agents.',
  tools: [
    codexTool('spawn_agent', { message: { type: 'string' } }),
    codexTool('wait_agent', { targets: { type: 'array', items: { type: 'string' } } }, ['targets']),
  ],
};

const codexMessage = (role: string, ...texts: string[]) => ({
  ...{ type: 'message', id: `msg_${Bun.hash(texts[0] ?? '').toString(16)}`, role },
  content: texts.map((text) => ({ type: 'input_text', text })),
});

const CODEX_CONTEXT = [
  codexMessage('developer', 'You are a coding agent running in a terminal.'),
  codexMessage(
    'developer',
    '<skills_instructions>\nNone.\n</skills_instructions>',
    '<permissions instructions>\nRead only.',
  ),
  codexMessage('user', '<environment_context>\n  <cwd>/work</cwd>\n  <shell>bash</shell>\n</environment_context>'),
];

const codexHeaders = (key: string) => ({
  authorization: `Bearer ${key}`,
  accept: 'text/event-stream',
  originator: 'codex_exec',
  'session-id': SESSION,
  'x-client-request-id': SESSION,
  'x-codex-beta-features': 'remote_compaction_v2',
  'user-agent': 'codex_exec/0.171.0',
});

const codexBody = (model: string) => ({
  ...{ model, stream: true, tool_choice: 'auto', store: false, include: ['reasoning.encrypted_content'] },
  ...{ prompt_cache_key: SESSION, client_metadata: { session_id: SESSION, turn_id: SESSION } },
});

/** One turn of `codex exec "…"` with a model Codex knows nothing about, as `auto`: functions, and a namespace of them. */
export function codex(key: string, model: string, said: string, after: readonly Json[] = []) {
  return {
    path: '/v1/responses',
    headers: codexHeaders(key),
    body: {
      ...codexBody(model),
      input: [...CODEX_CONTEXT, codexMessage('user', said), ...after],
      tools: [codexTool('exec_command', { cmd: { type: 'string' } }, ['cmd']), AGENTS],
      parallel_tool_calls: true,
      reasoning: { summary: 'auto' },
    },
  };
}

/** The same with one of its own models: the tools come in an item, and a header says that it is so. */
export function codexLite(key: string, model: string, said: string) {
  const definition = 'start: SOURCE\nSOURCE: /[\\s\\S]+/';
  const functions = {
    ...{ type: 'namespace', name: 'functions', description: '' },
    tools: [
      {
        type: 'custom',
        name: 'exec',
        description: 'Runs a script.',
        format: { type: 'grammar', syntax: 'lark', definition },
      },
      codexTool('wait', { cell_id: { type: 'string' } }, ['cell_id']),
    ],
  };
  const added = { type: 'additional_tools', id: `at_${SESSION}`, role: 'developer', tools: [functions, AGENTS] };
  return {
    path: '/v1/responses',
    headers: { ...codexHeaders(key), 'x-openai-internal-codex-responses-lite': 'true' },
    body: {
      ...codexBody(model),
      input: [added, ...CODEX_CONTEXT, codexMessage('user', said)],
      parallel_tool_calls: false,
      reasoning: { effort: 'low', context: 'all_turns' },
      text: { verbosity: 'low' },
    },
  };
}
