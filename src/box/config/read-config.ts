import { parse, TomlError } from 'smol-toml'
import type { z } from 'zod'
import { P2pShareError } from '../../core/index.ts'
import { type BoxConfig, boxConfigForm } from './box-config.ts'
import { issueWords } from './issue-words.ts'
import { locateKey } from './locate-key.ts'

/**
 * Reads the box's settings.
 *
 * @param name the file that the text is from, for the error
 * @throws {P2pShareError} `ERR_INVALID_CONFIG`, which names every line that is wrong
 */
export function readConfig(toml: string, name: string): BoxConfig {
  return readWith(boxConfigForm, toml, name)
}

/**
 * As {@link readConfig}; also says in which line a licence is that no catalog knows. The catalog's code is loaded only where there is
 * one to look at.
 */
export async function readConfigFile(toml: string, name: string): Promise<BoxConfig> {
  const config = readConfig(toml, name)
  if (config.folders.watch.every(({ license }) => license === '')) return config
  const { normalizeLicense } = await import('../../catalog/index.ts')
  const form = boxConfigForm.superRefine(({ folders }, context) => {
    for (const [index, { license }] of folders.watch.entries())
      if (license !== '' && normalizeLicense(license) === undefined)
        context.addIssue({
          code: 'custom',
          path: ['folders', 'watch', index, 'license'],
          message: `"${license.slice(0, 100)}" ${noLicense}`,
        })
  })
  return readWith(form, toml, name)
}

/** What is said of a licence that no catalog knows, behind it. */
export const noLicense = 'is no licence that SPDX knows, such as CC-BY-4.0, nor "all rights reserved"'

/** As {@link readConfig}, for another form. */
export function readWith<Form extends z.ZodType>(form: Form, toml: string, name: string): z.output<Form> {
  const found = form.safeParse(parseToml(toml, name), { error: issueWords })
  if (found.success) return found.data
  const problems = found.error.issues.flatMap(issue => problemsOf(issue, toml))
  throw invalid(
    name,
    problems.sort((one, other) => one.line - other.line),
  )
}

interface Problem {
  readonly line: number
  readonly what: string
}

function parseToml(toml: string, name: string): unknown {
  try {
    return parse(toml)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const [first = ''] = error.message.replace(/^Invalid TOML document: /, '').split('\n')
    throw invalid(name, [{ line: error.line, what: first }], error)
  }
}

function problemsOf(issue: z.core.$ZodIssue, toml: string): Problem[] {
  const { path } = issue
  if (issue.code !== 'unrecognized_keys')
    return [{ line: locateKey(toml, path), what: `${written(path)}: ${issue.message}` }]
  return issue.keys.map(key => ({
    line: locateKey(toml, [...path, key]),
    what: `there is no setting ${written([...path, key])}`,
  }))
}

/** `folders.watch[1].path`, the first being 1. */
function written(path: readonly PropertyKey[]): string {
  let name = ''
  for (const key of path)
    name += typeof key === 'number' ? `[${key + 1}]` : `${name ? '.' : ''}${String(key)}`
  return name
}

function invalid(name: string, problems: readonly Problem[], cause?: unknown): P2pShareError {
  const lines = problems.map(({ line, what }) => `${name}:${line}: ${what}`)
  return new P2pShareError('ERR_INVALID_CONFIG', lines.join('\n'), { cause })
}
