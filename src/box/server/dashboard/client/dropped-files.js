/**
 * The files of a drop, those in folders too, with their paths.
 *
 * @param {DataTransfer} transfer
 * @returns {Promise<{ file: File, path: string }[]>}
 */
export async function filesOfDrop(transfer) {
  // Entries can be asked for only until the first pause.
  const entries = [...transfer.items]
    .filter(item => item.kind === 'file')
    .map(item => item.webkitGetAsEntry?.() ?? item.getAsFile())
    .filter(Boolean)
  const found = []
  for (const entry of entries) await collect(entry, found)
  return found
}

/** The files that were chosen, with their paths where a folder was. */
export function filesOfChoice(list) {
  return [...list].map(file => ({ file, path: file.webkitRelativePath || file.name }))
}

async function collect(entry, found) {
  if (entry instanceof File) found.push({ file: entry, path: entry.name })
  else if (entry.isFile)
    found.push({
      file: await new Promise((resolve, reject) => entry.file(resolve, reject)),
      path: entry.fullPath.replace(/^\//, ''),
    })
  else {
    const reader = entry.createReader()
    // A folder is read some hundred at a time.
    for (let some = await read(reader); some.length > 0; some = await read(reader))
      for (const inner of some) await collect(inner, found)
  }
}

function read(reader) {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject))
}
