/** A position as ISO 6709 writes it, `+48.8584+002.2945+35/`: what videos carry. */
export function isoPosition(text: string): { latitude: number; longitude: number } | undefined {
  const match = /^\s*([+-]\d{2}(?:\.\d+)?)([+-]\d{3}(?:\.\d+)?)/.exec(text.slice(0, 100))
  if (!match) return undefined
  const [latitude, longitude] = [Number(match[1]), Number(match[2])]
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : undefined
}
