import { element, type Markup } from '../xml.ts'

/** Newznab's error codes, as many as we have a use for, with the words that clients know them by. */
export const torznabErrors = {
  100: 'Incorrect user credentials',
  200: 'Missing parameter',
  201: 'Incorrect parameter',
  202: 'No such function',
  203: 'Function not available',
  900: 'Unknown error',
} as const

/** Told to the client in Newznab's own form, under the status 200, as the specification has it. */
export class TorznabError extends Error {
  override readonly name = 'TorznabError'
  readonly code: keyof typeof torznabErrors

  /** @param detail what is wrong with it; left out where clients compare the words, as with the credentials */
  constructor(code: keyof typeof torznabErrors, detail?: string) {
    super(detail === undefined ? torznabErrors[code] : `${torznabErrors[code]} (${detail})`)
    this.code = code
  }

  markup(): Markup {
    return element('error', { code: this.code, description: this.message })
  }
}
