import { extname } from 'node:path'

/** Names, those that came before changed to `name.1.ext`, `name.2.ext` …, so that no two are alike. */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set(names)
  const used = new Set<string>()
  const nextNumber = new Map<string, number>()
  return names.map(name => {
    let distinct = name
    if (used.has(name)) {
      const extension = extname(name)
      const stem = name.slice(0, name.length - extension.length)
      let number = nextNumber.get(name) ?? 1
      while (taken.has(`${stem}.${number}${extension}`)) number++
      distinct = `${stem}.${number}${extension}`
      nextNumber.set(name, number + 1)
    }
    used.add(distinct)
    taken.add(distinct)
    return distinct
  })
}
