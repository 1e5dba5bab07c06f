/** The box's transfers, as far as the page knows them. */
export class Transfers extends EventTarget {
  #byId = new Map()
  /** Whether the box has told of them yet. */
  isKnown = false

  get size() {
    return this.#byId.size
  }

  get(id) {
    return this.#byId.get(id)
  }

  values() {
    return this.#byId.values()
  }

  /** The labels that any of them has, sorted. */
  labels() {
    const labels = new Set()
    for (const view of this.#byId.values()) for (const label of view.labels) labels.add(label)
    return [...labels].sort((one, other) => one.localeCompare(other))
  }

  replace(views) {
    this.#byId = new Map(views.map(view => [view.id, view]))
    this.isKnown = true
    this.#tell({ isOther: true })
  }

  /** @param {{ changed?: object[], removed?: number[] }} news */
  take({ changed = [], removed = [] }) {
    let isOther = removed.length > 0
    for (const view of changed) {
      isOther ||= isSortedElsewhere(this.#byId.get(view.id), view)
      this.#byId.set(view.id, view)
    }
    for (const id of removed) this.#byId.delete(id)
    this.#tell({ isOther })
  }

  /** @param {{ isOther: boolean }} detail whether there are others now, or some in another state or with other labels */
  #tell(detail) {
    this.dispatchEvent(new CustomEvent('change', { detail }))
  }
}

function isSortedElsewhere(before, now) {
  return (
    before?.state !== now.state ||
    before.labels.length !== now.labels.length ||
    before.labels.some((label, index) => label !== now.labels[index])
  )
}
