/** A form as a browser sends it. */
export function formOf(fields: Readonly<Record<string, string | Blob>>): RequestInit & { body: FormData } {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.set(name, value)
  return { method: 'POST', body, headers: { accept: 'text/html' } }
}
