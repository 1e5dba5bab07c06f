import test from 'ava'
import { splitByReach } from '../../src/swarm/reach.ts'

test('addresses in this network are refused, others are not', t => {
  const reachable = [
    'udp://tracker.example.org:80/announce',
    '1.1.1.1:6881',
    'https://[2606:4700::1111]/seed',
  ]
  const refused = [
    'http://127.0.0.1/announce',
    '192.168.1.5:6881',
    'http://[::1]:80/',
    'localhost:1',
    'udp://10.0.0.1:1',
  ]
  t.deepEqual(splitByReach([...reachable, ...refused], false), { reachable, refused })
  t.deepEqual(splitByReach(refused, true), { reachable: refused, refused: [] })
})

test('what is no address is refused', t => {
  for (const address of ['', ':', '://', 'http://', '[::1', '%']) {
    t.deepEqual(splitByReach([address], false).reachable, [], address)
  }
})
