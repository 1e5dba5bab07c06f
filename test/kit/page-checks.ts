/** Texts whose contrast with what is behind them is below 4.5 : 1 (WCAG 2.2, 1.4.3); pictures are passed over. */
export const faintTexts = `(() => {
  const read = color => {
    const [r, g, b, a = 1] = color.match(/[\\d.]+/g).map(Number)
    return color.startsWith('color(') ? [r * 255, g * 255, b * 255, a] : [r, g, b, a]
  }
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, index) => sum + v * [0.2126, 0.7152, 0.0722][index], 0)
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      if (at.classList.contains('poster')) return undefined
      const color = read(getComputedStyle(at).backgroundColor)
      if (color[3] === 1) return color
    }
    return [255, 255, 255, 1]
  }
  const faint = []
  for (const element of document.body.querySelectorAll('*')) {
    const words = [...element.childNodes].filter(node => node.nodeType === 3).map(node => node.data.trim()).join('')
    if (words === '' || element.closest('.trap, .hidden-visually, datalist, option')) continue
    const ground = behind(element)
    if (!ground) continue
    const [high, low] = [light(read(getComputedStyle(element).color)), light(ground)].sort((a, b) => b - a)
    const contrast = (high + 0.05) / (low + 0.05)
    if (contrast < 4.5) faint.push(words.slice(0, 40) + ' ' + contrast.toFixed(2))
  }
  return faint
})()`

/** Controls that have no name for those who hear the page. */
export const namelessControls = `[...document.querySelectorAll('input:not([type=hidden]), select, textarea, button, a')]
  .filter(control => !control.closest('.trap'))
  .filter(control => !(control.getAttribute('aria-label') || control.labels?.length || control.textContent.trim()))
  .map(control => control.outerHTML)`
