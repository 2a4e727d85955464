// SPDX-License-Identifier: Apache-2.0
// Asks the server, which is the page's own origin. A refusal is a Problem with a sentence and a way on.

export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly next: string,
    /** Seconds to wait before asking again. */
    readonly retryAfter: number,
    /** Of a moment outside of the recording: its limits. */
    readonly limits: { start: number; end: number } | null,
  ) {
    super(detail);
  }

  /** The server could not be reached, or is not able to answer right now: asking again makes sense. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  get isExpired(): boolean {
    return this.status === 401;
  }
}

export type Parameters = Readonly<Record<string, string | number | boolean | undefined>>;

const API = `${import.meta.env.BASE_URL}api/`;

export function url(path: string, parameters: Parameters = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') {
      query.set(name, typeof value === 'number' ? String(Math.round(value)) : String(value));
    }
  }
  const text = query.toString();
  return API + path + (text === '' ? '' : `?${text}`);
}

export async function getJson<T>(path: string, parameters?: Parameters, signal?: AbortSignal): Promise<T> {
  return (await (await get(url(path, parameters), signal)).json()) as T;
}

export async function getBuffer(path: string, parameters?: Parameters, signal?: AbortSignal): Promise<ArrayBuffer> {
  return (await get(url(path, parameters), signal)).arrayBuffer();
}

async function get(address: string, signal?: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address, { credentials: 'same-origin', redirect: 'error', signal: signal ?? null });
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === 'AbortError') {
      throw failure;
    }
    throw new Problem(0, 'No answer', 'The server of the recording does not answer.', 'Is it still running? The console tries again by itself.', 2, null);
  }
  if (!response.ok) {
    throw await problem(response);
  }
  return response;
}

async function problem(response: Response): Promise<Problem> {
  const text = await response.text();
  let body: Record<string, unknown> = {};
  try {
    body = JSON.parse(text) as Record<string, unknown>;
  } catch {
    // Something between here and the server answered.
  }
  const string = (name: string, otherwise: string): string => (typeof body[name] === 'string' ? (body[name] as string) : otherwise);
  const { start, end } = body;
  return new Problem(
    response.status,
    string('title', response.statusText || `Status ${response.status}`),
    string('detail', `The server answered with status ${response.status}.`),
    string('next', ''),
    Number(response.headers.get('Retry-After') ?? '2') || 2,
    typeof start === 'number' && typeof end === 'number' ? { start, end } : null,
  );
}
