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

const accented = /[à-öø-ľł-ňŋ-ž]/g
const latinWord = /[0-9a-zà-öø-ľł-ňŋ-ž]+/g
const beyondLatin = /[^\u0000-\u007fà-öø-ľł-ňŋ-ž]/
/** What each of the letters above comes to. */
const folded = new Map<string, string>()

/**
 * Lower case without accents, so that `Żubr`, `zubr` and `ZUBR` are one word. What is stored and what is asked for goes
 * through here, whatever the database.
 */
export function fold(text: string): string {
  const lower = text.toLowerCase()
  if (/^[\u0000-\u007f]*$/.test(lower)) return lower
  return (
    lower
      .normalize('NFKD')
      // Some come apart into capitals, such as the modifier letter that stands for Ħ.
      .toLowerCase()
      .replace(accents, '')
      .replace(special, letter => letters[letter]!)
      .normalize('NFC')
  )
}

/**
 * The words of a text, folded: runs of letters and digits, and single characters of Chinese and Japanese and emoji.
 * Everything else parts them.
 *
 * @example
 * foldedWords('Łódź: 3 żubry!') // ['lodz', '3', 'zubry']
 */
export function foldedWords(text: string): string[] {
  const lower = text.toLowerCase()
  const found = beyondLatin.test(lower) ? fold(lower).match(word) : latinWords(lower)
  return found?.map(cut) ?? []
}

/** The same, quicker, of letters that each fold to letters whatever stands beside them. */
function latinWords(lower: string): string[] | null {
  return lower.replace(accented, foldedLetter).match(latinWord)
}

function foldedLetter(letter: string): string {
  let plain = folded.get(letter)
  if (plain === undefined) {
    plain = fold(letter)
    folded.set(letter, plain)
  }
  return plain
}

function cut(word: string): string {
  return word.length > maxWordLength ? word.slice(0, maxWordLength).toWellFormed() : word
}
