const DATA_URL = /^data:([^;,]*)(?:;[^;,]*)*;base64,(.*)$/s;

/** A file that lives at Google: of its Files API, or in a storage bucket. Nobody else can read it. */
export function isGoogleFile(uri: string): boolean {
  return uri.startsWith('gs://') || uri.startsWith('https://generativelanguage.googleapis.com/');
}

/**
 * What `fileData` takes besides Google's own files: https://ai.google.dev/gemini-api/docs/video-understanding#youtube
 */
export function isYouTube(uri: string): boolean {
  return /^https:\/\/((www|m)\.)?(youtube\.com|youtu\.be)\//.test(uri);
}

export function parseDataUrl(url: string): { mediaType: string; data: string } | null {
  const match = DATA_URL.exec(url);
  return match ? { mediaType: match[1] || 'application/octet-stream', data: match[2] ?? '' } : null;
}
