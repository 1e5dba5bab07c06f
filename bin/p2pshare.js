#!/usr/bin/env node
// The launcher. It is CommonJS in the JavaScript of old, so that a Node too old for p2pshare gets as far as saying so.
// biome-ignore-all lint/complexity/useArrowFunction: see above
// biome-ignore-all lint/style/useTemplate: see above
// biome-ignore-all lint/style/useNodejsImportProtocol: see above
var fs = require('fs')
var path = require('path')

var root = path.join(__dirname, '..')
var args = process.argv.slice(2)

if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
  process.stdout.on('error', function () {})
  process.stdout.write(require('../package.json').version + '\n')
} else if (isSupported(process.versions.node)) {
  run()
} else {
  runWithOwnNode()
}

function isSupported(version) {
  var parts = version.split('.')
  return Number(parts[0]) > 22 || (Number(parts[0]) === 22 && Number(parts[1]) >= 22)
}

function run() {
  var main = path.join(root, 'dist', 'cli', 'start.js')
  if (!fs.existsSync(main)) {
    fail('p2pshare is not built yet: run `npm run build` in ' + root, 'ERR_INTERNAL', 1)
    return
  }
  enableCompileCache()
  import(require('url').pathToFileURL(main).href).then(
    function (cli) {
      return cli.start()
    },
    function (error) {
      fail('p2pshare cannot start: ' + error.message + ': run `npm ci` in ' + root, 'ERR_INTERNAL', 1)
    },
  )
}

// Never in a folder where another user could plant code: not the shared temporary one, nor one that a generous umask or somebody
// else made. With NODE_COMPILE_CACHE Node has begun by itself.
function enableCompileCache() {
  if (process.env.NODE_COMPILE_CACHE) return
  var home = process.env.P2PSHARE_HOME || path.join(require('os').homedir(), '.cache', 'p2pshare')
  var cache = path.join(home, 'compile-cache')
  try {
    fs.mkdirSync(cache, { recursive: true, mode: 448 })
    if (isOwnAlone(cache)) require('module').enableCompileCache(cache)
  } catch (_error) {
    // Without it the start takes longer, and that is all.
  }
}

// 448 is 0700, 18 is what lets the group or everybody write. Windows keeps the folders of a user by other means.
function isOwnAlone(folder) {
  if (process.platform === 'win32') return true
  var found = fs.lstatSync(folder)
  return found.isDirectory() && found.uid === process.geteuid() && (found.mode & 18) === 0
}

// A checkout brings the Node that it is developed on as the npm package `node`.
function runWithOwnNode() {
  var name = process.platform === 'win32' ? 'node.exe' : 'node'
  var own = path.join(root, 'node_modules', 'node', 'bin', name)
  if (process.env.P2PSHARE_RELAUNCHED || !fs.existsSync(own)) {
    fail(
      'p2pshare needs Node 22.22 or newer, and this is Node ' +
        process.versions.node +
        '\n  Install the current release from https://nodejs.org, or with a version manager: nvm install 24 && nvm use 24',
      'ERR_NODE_TOO_OLD',
      5,
    )
    return
  }
  var env = Object.assign({}, process.env, { P2PSHARE_RELAUNCHED: '1' })
  var options = { stdio: 'inherit', env: env }
  var child = require('child_process').spawn(own, [__filename].concat(args), options)
  var signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  signals.forEach(function (signal) {
    process.on(signal, function () {
      child.kill(signal)
    })
  })
  child.on('error', function (error) {
    fail('Cannot run ' + own + ': ' + error.message, 'ERR_NODE_TOO_OLD', 5)
  })
  child.on('exit', function (code, signal) {
    process.exitCode = signal ? 128 + require('os').constants.signals[signal] : code
  })
}

function fail(message, code, exitCode) {
  process.stderr.write('p2pshare: ' + message + '\n  ' + code + '\n')
  process.exitCode = exitCode
}
