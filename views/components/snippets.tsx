import type { PlainFrame } from '../frame.ts';
import { Snippet, type SnippetTab } from './copy.tsx';

interface SnippetsProps {
  frame: PlainFrame;
  /** The whole text of a gateway key. */
  keyText: string;
  /** Of this gateway, without a slash at the end. */
  baseUrl: string;
}

/** Ready to paste: how the SDK a program has already is pointed at this gateway. */
export const Snippets = ({ frame, keyText, baseUrl }: SnippetsProps) => (
  <Snippet frame={frame} id="snippet" tabs={snippets(keyText, baseUrl, frame.t.keys)} />
);

function snippets(key: string, baseUrl: string, t: PlainFrame['t']['keys']): SnippetTab[] {
  return [
    { label: 'curl', code: curl(key, baseUrl) },
    { label: 'OpenAI SDK · Python', code: openaiPython(key, baseUrl) },
    { label: 'OpenAI SDK · TypeScript', code: openaiTypeScript(key, baseUrl) },
    { label: 'Anthropic SDK · Python', code: anthropicPython(key, baseUrl) },
    { label: 'Anthropic SDK · TypeScript', code: anthropicTypeScript(key, baseUrl) },
    { label: 'Google Gen AI SDK · Python', code: googlePython(key, baseUrl) },
    { label: 'Google Gen AI SDK · TypeScript', code: googleTypeScript(key, baseUrl) },
    { label: 'Claude Code', code: claudeCode(key, baseUrl) },
    { label: 'Codex CLI', code: codexCli(key, baseUrl) },
    { label: 'Cursor', code: cursor(key, baseUrl), hint: t.cursorHint },
  ];
}

const curl = (key: string, baseUrl: string) => `curl ${baseUrl}/v1/chat/completions \\
  -H "Authorization: Bearer ${key}" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "auto", "messages": [{"role": "user", "content": "Hello!"}]}'`;

const openaiPython = (key: string, baseUrl: string) => `from openai import OpenAI

client = OpenAI(base_url="${baseUrl}/v1", api_key="${key}")
reply = client.chat.completions.create(
    model="auto",
    messages=[{"role": "user", "content": "Hello!"}],
)
print(reply.choices[0].message.content)`;

const openaiTypeScript = (key: string, baseUrl: string) => `import OpenAI from 'openai';

const client = new OpenAI({ baseURL: '${baseUrl}/v1', apiKey: '${key}' });
const reply = await client.chat.completions.create({
  model: 'auto',
  messages: [{ role: 'user', content: 'Hello!' }],
});
console.log(reply.choices[0]?.message.content);`;

const anthropicPython = (key: string, baseUrl: string) => `from anthropic import Anthropic

client = Anthropic(base_url="${baseUrl}", api_key="${key}")
reply = client.messages.create(
    model="auto",
    max_tokens=1024,
    messages=[{"role": "user", "content": "Hello!"}],
)
print(reply.content[0].text)`;

const anthropicTypeScript = (key: string, baseUrl: string) => `import Anthropic from '@anthropic-ai/sdk';

const client = new Anthropic({ baseURL: '${baseUrl}', apiKey: '${key}' });
const reply = await client.messages.create({
  model: 'auto',
  max_tokens: 1024,
  messages: [{ role: 'user', content: 'Hello!' }],
});
console.log(reply.content);`;

const googlePython = (key: string, baseUrl: string) => `from google import genai

client = genai.Client(api_key="${key}", http_options={"base_url": "${baseUrl}"})
reply = client.models.generate_content(model="auto", contents="Hello!")
print(reply.text)`;

const googleTypeScript = (key: string, baseUrl: string) => `import { GoogleGenAI } from '@google/genai';

const client = new GoogleGenAI({ apiKey: '${key}', httpOptions: { baseUrl: '${baseUrl}' } });
const reply = await client.models.generateContent({ model: 'auto', contents: 'Hello!' });
console.log(reply.text);`;

const claudeCode = (key: string, baseUrl: string) => `export ANTHROPIC_BASE_URL="${baseUrl}"
export ANTHROPIC_AUTH_TOKEN="${key}"
export ANTHROPIC_MODEL="auto"
claude`;

/**
 * A profile of its own leaves `config.toml` as it is and may be written twice. Codex's web search is OpenAI's own: while it is
 * on, `auto` can choose OpenAI's models only.
 */
const codexCli = (key: string, baseUrl: string) => `mkdir -p ~/.codex
cat > ~/.codex/gateway.config.toml <<'END'
model = "auto"
model_provider = "gateway"
web_search = "disabled"

[model_providers.gateway]
name = "LLM Gateway"
base_url = "${baseUrl}/v1"
env_key = "LLM_GATEWAY_KEY"
wire_api = "responses"
END
export LLM_GATEWAY_KEY="${key}"
codex --profile gateway`;

/** Names of its settings, which are English in every language. It keeps the name `auto` to itself. */
const cursor = (key: string, baseUrl: string) => `Cursor Settings > Models > API Keys
OpenAI API Key:           ${key}
Override OpenAI Base URL: ${baseUrl}/v1
Add model:                auto:balanced`;
