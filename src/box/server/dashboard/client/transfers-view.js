import { button, el, emptyNote, setText } from './elements.js'
import { plain } from './format.js'
import { countGroups, orders, pick } from './order.js'
import { canPause } from './states.js'
import { pauseAll, removeAsked, resumeAll } from './transfer-actions.js'
import { transferRow } from './transfer-row.js'
import { transfersFrame } from './transfers-frame.js'
import { VirtualList } from './virtual-list.js'

/** How often what moves by itself may change the order: rows that jump cannot be clicked. */
const resortEveryMs = 3_000

/** The list of transfers, with what can be done with them. */
export class TransfersView {
  title = 'Transfers'
  #transfers
  #selection
  #wanted = { group: 'all', label: '', text: '', order: 'added', isDown: true }
  #items = []
  #activeId
  #resort
  #scrollY = 0
  #list
  #parts
  #openAdd

  constructor({ transfers, selection, openAdd, notices }) {
    this.#transfers = transfers
    this.#selection = selection
    this.#parts = transfersFrame({
      add: openAdd,
      want: change => this.#want(change),
      turn: () => this.#want({ isDown: !this.#wanted.isDown }),
      sortBy: order => this.#sortBy(order),
      selectAll: isOn => selection.setAll(isOn ? this.#items.map(({ id }) => id) : []),
      selectNone: () => selection.clear(),
      pause: () => void pauseAll(selection.ids),
      resume: () => void resumeAll(selection.ids),
      remove: () => void this.#remove(),
      click: event => this.#onClick(event),
      focus: event => this.#onFocus(event),
    })
    this.#openAdd = openAdd
    this.element = this.#parts.element
    this.#parts.filters.before(notices)
    this.#list = new VirtualList(this.#parts.rows, () =>
      transferRow({
        isSelected: id => selection.has(id),
        isActive: id => id === (this.#activeId ?? this.#items[0]?.id),
      }),
    )
    selection.addEventListener('change', () => this.#onSelection())
    transfers.addEventListener('change', ({ detail }) => this.#onNews(detail))
    this.#pick()
  }

  show() {
    this.#list.attach()
    scrollTo(0, this.#scrollY)
    this.#pick()
    // Back from one transfer, the keys go on at its row.
    this.#list.drawNow()
    this.#list.rowOf(this.#activeId)?.link.focus({ preventScroll: true })
  }

  hide() {
    this.#scrollY = scrollY
    this.#list.detach()
  }

  /** What keys do here. */
  keys = {
    '/': () => this.#parts.text.focus(),
    j: () => this.#move(1),
    k: () => this.#move(-1),
    ArrowDown: () => this.#move(1),
    ArrowUp: () => this.#move(-1),
    x: () => this.#withActive(id => this.#selection.toggle(id)),
    p: () => void this.#togglePause(),
    Delete: () => void this.#remove(),
    Escape: () => this.#selection.clear(),
    'mod+a': () => this.#selection.setAll(this.#items.map(item => item.id)),
  }

  #want(change) {
    this.#wanted = { ...this.#wanted, ...change }
    const { group, order, isDown } = this.#wanted
    this.#parts.order.value = order
    for (const { name, chip } of this.#parts.chips) chip.setAttribute('aria-pressed', String(name === group))
    for (const head of this.#parts.heads)
      if (head.dataset.order === order) head.setAttribute('aria-sort', isDown ? 'descending' : 'ascending')
      else head.removeAttribute('aria-sort')
    this.#pick()
    const { top } = this.#parts.table.getBoundingClientRect()
    if (top < 0) scrollTo(0, 0)
  }

  #sortBy(order) {
    const isSame = this.#wanted.order === order
    this.#want({ order, isDown: isSame ? !this.#wanted.isDown : orders[order].down })
  }

  #onNews({ isOther }) {
    if (isOther) {
      this.#selection.keepOnly(id => this.#transfers.get(id) !== undefined)
      this.#pick()
      return
    }
    this.#showItems(this.#items.map(({ id }) => this.#transfers.get(id)))
    if (orders[this.#wanted.order].changes) this.#resort ??= setTimeout(() => this.#pick(), resortEveryMs)
  }

  /** Chooses and sorts anew. */
  #pick() {
    clearTimeout(this.#resort)
    this.#resort = undefined
    this.#showLabels()
    const items = pick(this.#inLastOrder(), this.#wanted)
    if (!items.some(({ id }) => id === this.#activeId)) this.#activeId = undefined
    this.#showItems(items)
  }

  /** All transfers, those that are listed as they are: what is nearly sorted is sorted in a tenth of the time. */
  *#inLastOrder() {
    const listed = new Set()
    for (const { id } of this.#items) {
      const view = this.#transfers.get(id)
      if (!view) continue
      listed.add(id)
      yield view
    }
    for (const view of this.#transfers.values()) if (!listed.has(view.id)) yield view
  }

  #showItems(items) {
    this.#items = items
    const counts = countGroups(this.#transfers.values())
    for (const { name, number, chip } of this.#parts.chips) {
      setText(number, counts[name].toLocaleString('en'))
      chip.classList.toggle('none', counts[name] === 0)
    }
    this.#parts.table.setAttribute('aria-rowcount', String(items.length + 1))
    this.#parts.table.hidden = items.length === 0
    this.#showEmpty()
    this.#list?.show(items)
    if (this.#selection.size > 0) this.#onSelection()
  }

  /** The labels to choose from; no choice where there are none. */
  #showLabels() {
    const labels = this.#transfers.labels()
    if (!labels.includes(this.#wanted.label)) this.#wanted.label = ''
    const { label: choice } = this.#parts
    const shown = JSON.stringify(labels)
    if (choice.dataset.shown !== shown) {
      choice.dataset.shown = shown
      choice.hidden = labels.length === 0
      choice.replaceChildren(
        el('option', { value: '' }, 'Any label'),
        ...labels.map(label => el('option', { value: label }, plain(label))),
      )
    }
    choice.value = this.#wanted.label
  }

  #showEmpty() {
    const { empty } = this.#parts
    const kind =
      this.#items.length > 0 || !this.#transfers.isKnown ? '' : this.#transfers.size > 0 ? 'filter' : 'all'
    if (empty.dataset.kind === kind) return
    empty.dataset.kind = kind
    this.#parts.filters.hidden = kind === 'all'
    if (kind === '') empty.replaceChildren()
    else if (kind === 'filter')
      empty.replaceChildren(
        emptyNote(
          'search',
          'Nothing matches',
          'No transfer is like this.',
          button('close', 'Show all', () => {
            this.#parts.text.value = ''
            this.#want({ group: 'all', label: '', text: '' })
          }),
        ),
      )
    else
      empty.replaceChildren(
        emptyNote(
          'transfers',
          'Nothing here yet',
          'Drop photos, videos or a folder onto this page to share them. Or add a magnet link or a .torrent to fetch.',
          button('plus', 'Add a transfer', this.#openAdd, { class: 'button primary' }),
        ),
      )
  }

  #onSelection() {
    const { bar, picked, all } = this.#parts
    const number = this.#selection.size
    const seen = this.#items.reduce((sum, { id }) => sum + Number(this.#selection.has(id)), 0)
    // What is done is done with those as well that another filter hides.
    const hidden = number > seen ? `, ${(number - seen).toLocaleString('en')} not shown` : ''
    bar.hidden = number === 0
    setText(picked, `${number.toLocaleString('en')} selected${hidden}`)
    all.checked = seen > 0 && seen === this.#items.length
    all.indeterminate = seen > 0 && seen < this.#items.length
    this.#list.refresh()
  }

  #onClick(event) {
    const row = event.target.closest('.row')
    if (!row) return
    const hasModifier = event.metaKey || event.ctrlKey
    if (hasModifier && event.target.closest('a')) return
    const id = Number(row.dataset.id)
    this.#activeId = id
    const isBox = event.target.matches('input')
    // A label passes its click on to its box, which comes here by itself.
    if (!isBox && event.target.closest('.pick-area')) return
    if (isBox && event.shiftKey) this.#selection.extend(id, this.#items)
    else if (isBox) this.#selection.toggle(id, event.target.checked)
    else if (hasModifier) this.#selection.toggle(id)
    else if (event.shiftKey) this.#selection.extend(id, this.#items)
    else if (!getSelection()?.toString()) location.hash = `#/transfer/${id}`
    if (!isBox) event.preventDefault()
  }

  #onFocus(event) {
    const row = event.target.closest('.row')
    if (row) this.#activeId = Number(row.dataset.id)
    this.#list.refresh()
  }

  #move(step) {
    if (this.#items.length === 0) return
    const at = this.#items.findIndex(item => item.id === this.#activeId)
    const index = at < 0 ? 0 : Math.min(Math.max(at + step, 0), this.#items.length - 1)
    this.#activeId = this.#items[index].id
    const top = document.querySelector('.head').offsetHeight + 8
    this.#list.reveal(index, { top, bottom: this.#parts.bar.offsetHeight + 88 })
    this.#list.refresh()
    this.#list.rowOf(this.#activeId)?.link.focus({ preventScroll: true })
  }

  #withActive(act) {
    if (this.#activeId !== undefined) act(this.#activeId)
  }

  /** What is selected, else the row that the keys are at. */
  #meant() {
    const ids = this.#selection.size > 0 ? this.#selection.ids : [this.#activeId]
    return ids.map(id => this.#transfers.get(id)).filter(view => view !== undefined)
  }

  async #togglePause() {
    const views = this.#meant()
    const ids = views.map(view => view.id)
    if (ids.length > 0) await (views.some(canPause) ? pauseAll(ids) : resumeAll(ids))
  }

  async #remove() {
    const views = this.#meant()
    if (views.length > 0 && (await removeAsked(views))) this.#selection.clear()
  }
}
