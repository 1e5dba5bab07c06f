/** Where to write to: an e-mail address with a subject, or a web address as it is; `undefined` for anything else. */
export function contactHref(contact: string | undefined, subject: string): string | undefined {
  if (contact === undefined) return undefined
  if (/^[^\s@<>"'?&]+@[^\s@<>"'?&]+$/.test(contact))
    return `mailto:${contact}?subject=${encodeURIComponent(subject)}`
  const url = URL.parse(contact)
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? url.href : undefined
}
