import test from 'ava'
import { ToldWords } from '../../../src/catalog/store/told-words.ts'

test('each word is told once, terms that are no words never, and all again after forgetting', t => {
  const told = new ToldWords()
  const words = Array.from({ length: 20_000 }, (_, number) => `word${number.toString(36)}`)
  t.deepEqual(new Set(told.untold(['lion', '\ue001lion', 'zoo', 'lion'])), new Set(['lion', 'zoo']))
  t.deepEqual(told.untold(words), words)
  // Those that lost their place to another are told again, which does no harm.
  t.true(told.untold(words).length < words.length / 2)
  told.forget()
  t.deepEqual(told.untold(words), words)
})
