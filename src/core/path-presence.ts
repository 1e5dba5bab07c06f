import { access } from 'node:fs/promises'

/** Whether something is at a path, as far as this process may see. */
export function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** Whether an error of the file system tells for certain that nothing is at the path. */
export function tellsAbsence(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ENOTDIR'
}
