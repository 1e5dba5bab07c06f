import { createInterface } from 'node:readline'

/** Answers a command a line on stdin by a line on stdout, one after another, until stdin ends. */
export async function serveCommands(commands) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { do: name, ...parameters } = JSON.parse(line)
    try {
      const answer = await commands[name](parameters)
      process.stdout.write(`${JSON.stringify(answer ?? {})}\n`)
    } catch (error) {
      process.stdout.write(`${JSON.stringify({ failed: String(error) })}\n`)
    }
  }
}
