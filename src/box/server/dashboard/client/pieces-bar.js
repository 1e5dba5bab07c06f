import { el, setText } from './elements.js'

/** Which pieces of a transfer are here, as a strip: dark where all of a stretch are, paler where some. */
export function piecesBar() {
  const canvas = el('canvas', { class: 'pieces', 'aria-hidden': 'true' })
  const words = el('figcaption', { class: 'hint' })
  const element = el('figure', { hidden: true }, canvas, words)
  let last

  function draw() {
    if (!last || !canvas.isConnected) return
    const { pieceCount, bits } = last
    const style = getComputedStyle(canvas)
    const scale = devicePixelRatio || 1
    const width = Math.max(1, Math.round(canvas.clientWidth * scale))
    const height = Math.max(1, Math.round(canvas.clientHeight * scale))
    // Also empties it.
    canvas.width = width
    canvas.height = height
    const context = canvas.getContext('2d')
    context.fillStyle = style.color
    for (let x = 0; x < width; x++) {
      const from = Math.floor((x / width) * pieceCount)
      const to = Math.max(from + 1, Math.floor(((x + 1) / width) * pieceCount))
      let have = 0
      for (let piece = from; piece < to; piece++) have += (bits[piece >> 3] >> (7 - (piece & 7))) & 1
      if (have === 0) continue
      context.globalAlpha = 0.25 + 0.75 * (have / (to - from))
      context.fillRect(x, 0, 1, height)
    }
  }

  new ResizeObserver(draw).observe(canvas)
  return {
    element,
    /** @param {{ pieceCount: number, have: string }} pieces */
    show({ pieceCount, have }) {
      const bits = Uint8Array.from(atob(have), letter => letter.charCodeAt(0))
      last = pieceCount > 0 ? { pieceCount, bits } : undefined
      element.hidden = !last
      if (!last) return
      let held = 0
      for (let piece = 0; piece < pieceCount; piece++) held += (bits[piece >> 3] >> (7 - (piece & 7))) & 1
      setText(words, `${held.toLocaleString('en')} of ${pieceCount.toLocaleString('en')} pieces are here`)
      draw()
    },
  }
}
