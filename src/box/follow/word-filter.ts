const pattern = /(-?)(?:"([^"]*)"|(\S+))/g

/**
 * Makes a filter of words: a title has all of them, and none that a minus stands before; `"more in a row"` counts as one. Case and
 * accents do not matter.
 */
export function wordFilter(words: string): (title: string) => boolean {
  const wanted: string[] = []
  const unwanted: string[] = []
  for (const [, minus, phrase, word = ''] of words.matchAll(pattern)) {
    const folded = fold(phrase ?? word)
    if (folded !== '') (minus === '-' ? unwanted : wanted).push(folded)
  }
  return title => {
    const folded = fold(title)
    return wanted.every(word => folded.includes(word)) && !unwanted.some(word => folded.includes(word))
  }
}

function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}
