import { el, icon, nextId, setText } from './elements.js'
import { plain } from './format.js'

/**
 * Opens a dialog over the page, and resolves once it is closed: with whether it was confirmed.
 *
 * @param {object} init
 * @param {string} init.title
 * @param {(Node | false | undefined)[]} init.body
 * @param {string} [init.confirm] words of the button that does it; without it there is only one that closes
 * @param {boolean} [init.isDanger]
 * @param {() => unknown} [init.onConfirm] what is done while the dialog is still there; where it throws the dialog stays
 */
export function openDialog({ title, body, confirm, isDanger = false, onConfirm }) {
  const { promise, resolve } = Promise.withResolvers()
  const close = el(
    'button',
    { type: 'button', class: 'tool', 'aria-label': 'Close', on: { click: () => dialog.close() } },
    icon('close'),
  )
  const submit =
    confirm !== undefined &&
    el('button', { type: 'submit', class: `button ${isDanger ? 'danger-fill' : 'primary'}` }, confirm)
  // What cannot be undone is not what a key pressed too often does.
  const cancel = el(
    'button',
    { type: 'button', class: 'button', autofocus: isDanger, on: { click: () => dialog.close() } },
    'Cancel',
  )
  const titleId = nextId()
  // Notices of the page are behind a dialog: they are neither seen nor heard.
  const trouble = el('p', { class: 'problem', role: 'alert' })
  const form = el(
    'form',
    { method: 'dialog', on: { submit: event => void onSubmit(event) } },
    el('div', { class: 'dialog-head' }, el('h2', { id: titleId }, title), close),
    el('div', { class: 'dialog-body' }, ...body),
    submit && el('div', { class: 'dialog-foot' }, trouble, cancel, submit),
  )
  const dialog = el('dialog', { 'aria-labelledby': titleId }, form)

  const onSubmit = async event => {
    event.preventDefault()
    setText(trouble, '')
    if (submit) submit.disabled = true
    try {
      await onConfirm?.()
      dialog.close('yes')
    } catch (error) {
      setText(trouble, plain(error.message))
    } finally {
      if (submit) submit.disabled = false
    }
  }
  // A text that is marked with the mouse, and let go of outside, is no click beside the dialog.
  let isPressedOutside = false
  dialog.addEventListener('pointerdown', event => {
    isPressedOutside = event.target === dialog
  })
  dialog.addEventListener('click', event => {
    if (isPressedOutside && event.target === dialog) dialog.close()
  })
  dialog.addEventListener('close', () => {
    dialog.remove()
    resolve(dialog.returnValue === 'yes')
  })
  document.body.append(dialog)
  dialog.showModal()
  return promise
}
