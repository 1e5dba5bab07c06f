/** Characters of a word that are looked at. */
const maxWordLength = 64

// What Unicode does not take apart.
const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  ŋ: 'n',
  ς: 'σ',
}

const accents = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f]/g
const special = /[ßæœøđðþłħıŋς]/g
// Scripts that put no spaces between words give a word a character, found again as a phrase; so do emoji.
const word =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]|\p{Extended_Pictographic}|[[\p{L}\p{N}]--[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]][[\p{L}\p{N}\p{M}]--[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]]*/gv

/**
 * Lower case without accents, so that `Żubr`, `zubr` and `ZUBR` are one word. What is stored and what is asked for goes
 * through here, whatever the database.
 */
export function fold(text: string): string {
  const lower = text.toLowerCase()
  if (/^[\u0000-\u007f]*$/.test(lower)) return lower
  return lower
    .normalize('NFKD')
    .replace(accents, '')
    .replace(special, letter => letters[letter]!)
    .normalize('NFC')
    .toLowerCase()
}

/**
 * The words of a text, folded: runs of letters and digits, and single characters of Chinese and Japanese and emoji.
 * Everything else parts them.
 *
 * @example
 * foldedWords('Łódź: 3 żubry!') // ['lodz', '3', 'zubry']
 */
export function foldedWords(text: string): string[] {
  const found = fold(text).match(word) ?? []
  return found.map(item => (item.length > maxWordLength ? item.slice(0, maxWordLength).toWellFormed() : item))
}
