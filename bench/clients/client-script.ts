import { fileURLToPath } from 'node:url'

/** Path of a program in this folder. */
export function clientScript(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}
