/** Which transfers are marked for something to be done with them all. */
export class Selection extends EventTarget {
  #ids = new Set()
  /** Where a range begins. */
  #anchor

  get size() {
    return this.#ids.size
  }

  get ids() {
    return [...this.#ids]
  }

  has(id) {
    return this.#ids.has(id)
  }

  toggle(id, isOn = !this.#ids.has(id)) {
    if (isOn) this.#ids.add(id)
    else this.#ids.delete(id)
    this.#anchor = id
    this.#tell()
  }

  /** Marks everything from the last one that was marked to this. */
  extend(id, items) {
    const from = items.findIndex(item => item.id === this.#anchor)
    const to = items.findIndex(item => item.id === id)
    if (from < 0 || to < 0) return this.toggle(id, true)
    for (const item of items.slice(Math.min(from, to), Math.max(from, to) + 1)) this.#ids.add(item.id)
    this.#tell()
  }

  setAll(ids) {
    this.#ids = new Set(ids)
    this.#tell()
  }

  clear() {
    this.setAll([])
  }

  /** Forgets those that are not there any more. */
  keepOnly(isThere) {
    const before = this.#ids.size
    for (const id of this.#ids) if (!isThere(id)) this.#ids.delete(id)
    if (this.#ids.size !== before) this.#tell()
  }

  #tell() {
    this.dispatchEvent(new Event('change'))
  }
}
