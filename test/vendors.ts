/** Settings of a gateway for which one server is all three vendors. */
export function vendorsAt(url: string, openaiUrl = `${url}/v1`): Record<string, string> {
  return {
    OPENAI_API_KEY: 'sk-test',
    ANTHROPIC_API_KEY: 'sk-test',
    GEMINI_API_KEY: 'sk-test',
    OPENAI_BASE_URL: openaiUrl,
    ANTHROPIC_BASE_URL: url,
    GEMINI_BASE_URL: url,
  };
}
