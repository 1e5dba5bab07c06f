const form = /^(?:\[([0-9a-f:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/i

/** Where a server listens, as `127.0.0.1:8481` or `[::1]:8481`; `undefined` for what is neither. */
export function readListenAddress(
  text: string,
): { readonly host: string; readonly port: number } | undefined {
  const found = form.exec(text)
  const port = Number(found?.[3])
  const host = found?.[1] ?? found?.[2]
  return host !== undefined && port <= 65_535 ? { host, port } : undefined
}
