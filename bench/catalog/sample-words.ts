import { randomNumbers } from './random.ts'

const syllables =
  'ba be bo da de do fa fi ga go ka ke ki la le li lo ma me mi mo na ne ni no pa pe ra re ri ro sa se si so ta te ti to va ve vi wa we za ze zo än ör ü ié'.split(
    ' ',
  )

/** Words that can be pronounced, the same each time; short ones first, as in languages. */
export function sampleWords(count: number): string[] {
  const random = randomNumbers(1)
  const words = new Set<string>()
  while (words.size < count) {
    const length = 1 + Math.floor(Math.log(1 + words.size) / 4 + random() * 3)
    let word = ''
    for (let index = 0; index < length; index++) word += syllables[Math.floor(random() * syllables.length)]
    words.add(word)
  }
  return [...words]
}
