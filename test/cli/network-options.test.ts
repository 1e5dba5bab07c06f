import test from 'ava'
import { Command } from 'commander'
import { askedNetwork, defineNetwork } from '../../src/cli/network-options.ts'

function asked(...args: string[]) {
  const command = new Command()
  defineNetwork(command)
  return askedNetwork(command.parse(args, { from: 'user' }).opts())
}

test('what nobody asked for is left to the settings', t => {
  t.deepEqual(asked(), {})
})

test('what is switched off or set is asked for', t => {
  t.deepEqual(asked('--no-dht', '--no-lsd', '--no-pex', '--no-nat', '--port', '7'), {
    port: 7,
    dht: false,
    lsd: false,
    pex: false,
    nat: false,
  })
  t.deepEqual(asked('--dht-bootstrap', '127.0.0.1:1'), { dht: { bootstrap: ['127.0.0.1:1'] } })
})
