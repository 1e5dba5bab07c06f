// The command of this checkout as a process of its own, without building it first.
import { start } from '../../src/cli/start.ts'

await start()
