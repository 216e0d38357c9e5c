/** The URL of a request, also of one whose Host header is none: its path is all that anybody here acts on. */
export function urlOf(request: Request): URL {
  const parsed = URL.parse(request.url);
  if (parsed) return parsed;
  const path = request.url.replace(/^[a-z]+:\/\/[^/]*/i, '');
  return URL.parse(path, 'http://localhost') ?? new URL('http://localhost/');
}
