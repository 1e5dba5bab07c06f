/** Whether a text is a magnet link or an info-hash by its look, rather than a path: `readMagnet` says whether it is a good one. */
export function looksLikeMagnet(text: string): boolean {
  return /^(?:magnet:|[0-9a-f]{40}$|[a-z2-7]{32}$|[0-9a-f]{64}$|1220[0-9a-f]{64}$)/i.test(text.trim())
}

/** Whether a text is an HTTP address by its look. */
export function looksLikeWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text)
}
