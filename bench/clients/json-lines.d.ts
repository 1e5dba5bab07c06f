export function serveCommands(
  commands: Record<string, (parameters: never) => Promise<object | undefined>>,
): Promise<void>
