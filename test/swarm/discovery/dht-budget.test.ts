import test from 'ava'
import { QueryBudget, WalkBudget } from '../../../src/swarm/discovery/dht-budget.ts'

const taken = (count: number, take: () => boolean) =>
  Array.from({ length: count }, take).filter(Boolean).length

test('An address has a hundred queries a second answered, and all together have a thousand', t => {
  const budget = new QueryBudget()
  t.is(
    taken(150, () => budget.take('1.1.1.1', 1_000)),
    100,
  )
  t.true(budget.take('2.2.2.2', 1_999))
  t.is(
    taken(5, () => budget.take('1.1.1.1', 2_000)),
    5,
  )
  let address = 0
  t.is(
    taken(2_000, () => budget.take(`address ${address++}`, 3_000)),
    1_000,
  )
})

test('A walk that is led on and on learns of no more nodes, until it is over', t => {
  const budget = new WalkBudget()
  t.is(
    taken(300, () => budget.take('target', 1_000)),
    250,
  )
  t.true(budget.take('other target', 1_000))
  t.false(budget.take('target', 5_999))
  t.true(budget.take('target', 10_999))
})
