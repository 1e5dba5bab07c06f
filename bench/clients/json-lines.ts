import { createInterface } from 'node:readline'

/** Answers a command a line on stdin by a line on stdout, one after another, until stdin ends. */
export async function serveCommands(
  commands: Record<string, (parameters: never) => Promise<object | undefined>>,
): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const { do: name, ...parameters } = JSON.parse(line) as { do: string }
    try {
      const answer = await commands[name]!(parameters as never)
      process.stdout.write(`${JSON.stringify(answer ?? {})}\n`)
    } catch (error) {
      process.stdout.write(`${JSON.stringify({ failed: String(error) })}\n`)
    }
  }
}
