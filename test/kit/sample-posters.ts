import sharp from 'sharp'

/** A landscape or an abstract picture that is the same for the same number: WebP of a few KiB. */
export async function samplePoster(number: number, width = 640, height = 400): Promise<Buffer> {
  const random = generator(number)
  const hue = Math.floor(random() * 360)
  const color = (shift: number, lightness: number) => `hsl(${(hue + shift) % 360} 42% ${lightness}%)`
  const hills = Array.from({ length: 4 }, (_, layer) => {
    const points = Array.from({ length: 9 }, (_, step) => {
      const y = height * (0.45 + layer * 0.14 + (random() - 0.5) * 0.16)
      return `${Math.round((step / 8) * width)},${Math.round(y)}`
    })
    return `<polygon points="0,${height} ${points.join(' ')} ${width},${height}" fill="${color(20 + layer * 14, 52 - layer * 11)}"/>`
  })
  const [x, y, radius] = [width * (0.2 + random() * 0.6), height * (0.2 + random() * 0.2), height * 0.11]
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${color(190, 38)}"/><stop offset="1" stop-color="${color(40, 78)}"/></linearGradient></defs>
<rect width="100%" height="100%" fill="url(#sky)"/><circle cx="${x}" cy="${y}" r="${radius}" fill="${color(50, 92)}"/>${hills.join('')}</svg>`
  return sharp(Buffer.from(picture)).webp({ quality: 70 }).toBuffer()
}

/** Mulberry32. */
function generator(seed: number): () => number {
  let state = seed * 2_654_435_761
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
