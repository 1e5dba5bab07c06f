import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { boxConfigPath } from './box-child.ts'

/** Writes the settings file of a home whose box is to be started. */
export async function writeBoxSettings(home: string, settings: string): Promise<void> {
  const path = boxConfigPath(home)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, settings)
}
