/** Rows beyond what is seen, so that scrolling does not run into nothing. */
const spare = 6

/**
 * A list of which only what is seen is in the page. It scrolls with the page; every row is as high as the others.
 * A row keeps its element for as long as it is seen, so that what is focused in it stays.
 */
export class VirtualList {
  #element
  #makeRow
  #items = []
  #rows = new Map()
  #free = []
  #rowHeight = 0
  #isAsked = false
  #ask = () => this.refresh()
  #measure = () => {
    this.#rowHeight = 0
    this.refresh()
  }

  /**
   * @param {HTMLElement} element
   * @param {() => { element: HTMLElement, show(item: object, index: number): void }} makeRow
   */
  constructor(element, makeRow) {
    this.#element = element
    this.#makeRow = makeRow
  }

  attach() {
    addEventListener('scroll', this.#ask, { passive: true })
    addEventListener('resize', this.#measure)
    this.#measure()
  }

  detach() {
    removeEventListener('scroll', this.#ask)
    removeEventListener('resize', this.#measure)
  }

  /** Shows these; each is known by its `id`. */
  show(items) {
    this.#items = items
    this.refresh()
  }

  /** Draws what is seen anew, at most once a frame. */
  refresh() {
    if (this.#isAsked) return
    this.#isAsked = true
    requestAnimationFrame(() => {
      this.#isAsked = false
      if (this.#element.isConnected) this.#draw()
    })
  }

  /** As `refresh`, for what needs its rows at once. */
  drawNow() {
    if (this.#element.isConnected) this.#draw()
  }

  rowOf(id) {
    return this.#rows.get(id)
  }

  /** Scrolls so far that a row is seen whole, between what lies over the page's top and bottom. */
  reveal(index, { top = 0, bottom = 0 } = {}) {
    const at = this.#element.getBoundingClientRect().top + index * this.#rowHeight
    if (at < top) scrollBy(0, at - top)
    else if (at + this.#rowHeight > innerHeight - bottom)
      scrollBy(0, at + this.#rowHeight - innerHeight + bottom)
    this.drawNow()
  }

  #draw() {
    if (this.#items.length > 0 && this.#rowHeight === 0) this.#rowHeight = this.#heightOfRow()
    const height = this.#rowHeight
    this.#element.style.height = `${this.#items.length * height}px`
    if (height === 0) return
    const above = -this.#element.getBoundingClientRect().top
    const first = Math.max(0, Math.floor(above / height) - spare)
    const last = Math.min(this.#items.length, Math.ceil((above + innerHeight) / height) + spare)
    const seen = new Set()
    for (let index = first; index < last; index++) seen.add(this.#items[index].id)
    for (const [id, row] of this.#rows)
      if (!seen.has(id)) {
        row.element.remove()
        this.#rows.delete(id)
        this.#free.push(row)
      }
    const focused = document.activeElement
    let place = this.#element.firstChild
    for (let index = first; index < last; index++) {
      const { element } = this.#place(this.#items[index], index)
      // Whoever hears the page hears rows as they follow each other in it.
      if (element === place) place = place.nextSibling
      else this.#element.insertBefore(element, place)
    }
    if (focused !== document.activeElement && this.#element.contains(focused))
      focused.focus({ preventScroll: true })
  }

  #place(item, index) {
    let row = this.#rows.get(item.id)
    if (!row) {
      row = this.#free.pop() ?? this.#makeRow()
      this.#rows.set(item.id, row)
    }
    row.element.style.transform = `translateY(${index * this.#rowHeight}px)`
    row.show(item, index)
    return row
  }

  #heightOfRow() {
    const row = this.#makeRow()
    this.#element.append(row.element)
    const { height } = row.element.getBoundingClientRect()
    row.element.remove()
    return height
  }
}
