import type { Section } from '../catalog/index.ts'
import { P2pShareError } from '../core/index.ts'
import { canAsk, type Env } from './env.ts'
import {
  defaultLicense,
  type ListingFlags,
  type ListingWords,
  readLicense,
  readSection,
  readTags,
} from './listing-options.ts'
import { Prompt } from './prompt.ts'

/** What is suggested where somebody is asked. */
export interface Suggestions {
  readonly title: string
  readonly section: Section
}

/**
 * What is said of a listing: by the options, and where there is no title among them by the person at the terminal, who is
 * then asked for all that was not given.
 *
 * @param suggestions `undefined` where an earlier listing says already what is not said now
 * @throws {P2pShareError} `ERR_USAGE` where nobody can be asked, `ERR_INVALID_ARGUMENT`
 */
export async function sayListing(
  flags: ListingFlags,
  suggestions: Suggestions | undefined,
  env: Env,
): Promise<Partial<ListingWords>> {
  const given = await wordsOf(flags)
  if (given.title !== undefined || !suggestions) return given
  if (!canAsk(env)) throw new P2pShareError('ERR_USAGE', 'A listing takes a title: give one with --title "…"')
  const prompt = new Prompt(env)
  const ask = <T>(question: string, suggestion: string, read: (text: string) => Promise<T>) =>
    askUntilGood(prompt, env, question, suggestion, read)
  return {
    ...given,
    title: await ask('Title', suggestions.title, async text => text || complain('It takes a title')),
    section: given.section ?? (await ask('Section', suggestions.section, async text => readSection(text))),
    tags: given.tags ?? readTags(await prompt.ask('Tags, with commas between')),
    license: given.license ?? (await ask('Licence', defaultLicense, readLicense)),
  }
}

async function wordsOf(flags: ListingFlags): Promise<Partial<ListingWords>> {
  const { title, description, section, creator, language } = flags
  const tags = flags.tags === undefined ? undefined : readTags(flags.tags)
  const license = flags.license === undefined ? undefined : await readLicense(flags.license)
  const given = { title: title?.trim(), description, section, tags, license, creator, language }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

/** Asks again where the answer cannot be used, saying why. */
async function askUntilGood<T>(
  prompt: Prompt,
  env: Env,
  question: string,
  suggestion: string,
  read: (text: string) => Promise<T>,
): Promise<T> {
  for (;;) {
    const answer = await prompt.ask(question, suggestion)
    try {
      return await read(answer)
    } catch (error) {
      if (!(error instanceof P2pShareError)) throw error
      env.stderr.write(`  ${error.message}\n`)
    }
  }
}

function complain(why: string): never {
  throw new P2pShareError('ERR_INVALID_ARGUMENT', why)
}
