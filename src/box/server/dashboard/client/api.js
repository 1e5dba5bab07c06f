const root = '/api/v1'

/** What the box answered instead of what was asked for, in words for a person. */
export class Refusal extends Error {
  constructor(message, status) {
    super(message)
    this.status = status
  }
}

/**
 * Asks the box.
 *
 * @throws {Refusal} with the box's own words; status 0 where it did not answer
 */
export async function ask(method, path, body, { signal } = {}) {
  const isForm = body instanceof Blob
  const response = await fetch(root + path, {
    method,
    headers: {
      accept: 'application/json',
      // Tells the box that this is its own page, so that a browser does not ask for a password by itself.
      'x-requested-with': 'dashboard',
      ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
    },
    body: body === undefined || isForm ? body : JSON.stringify(body),
    signal,
  }).catch(error => {
    if (signal?.aborted) throw error
    throw new Refusal('The box does not answer. Is it still running?', 0)
  })
  if (response.status === 401) goAndSignIn()
  const text = await response.text()
  const answer = parse(text)
  if (!response.ok)
    throw new Refusal(answer?.detail ?? `The box answered ${response.status}.`, response.status)
  return answer
}

export const get = (path, options) => ask('GET', path, undefined, options)
export const post = (path, body, options) => ask('POST', path, body, options)

/** What is there, or `undefined` where this box has nothing of the kind. */
export async function getIfThere(path, options) {
  try {
    return await get(path, options)
  } catch (error) {
    if (error.status === 404 || error.status === 405) return undefined
    throw error
  }
}

export function goAndSignIn() {
  location.assign('/sign-in')
}

function parse(text) {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
