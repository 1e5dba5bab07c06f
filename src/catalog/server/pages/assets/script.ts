/** Puts a button beside each text that is there to be copied. Pages lack nothing without it. */
export const script = `
for (const box of document.querySelectorAll('.copy')) {
  const text = box.querySelector('code').textContent
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = 'Copy'
  button.setAttribute('aria-label', 'Copy: ' + box.querySelector('.label').textContent)
  const said = document.createElement('span')
  said.className = 'hidden-visually'
  said.setAttribute('role', 'status')
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text)
      button.textContent = said.textContent = 'Copied'
    } catch {
      getSelection().selectAllChildren(box.querySelector('code'))
      button.textContent = said.textContent = 'Selected'
    }
    setTimeout(() => { button.textContent = 'Copy'; said.textContent = '' }, 2000)
  })
  box.querySelector('.bar').append(button, said)
}
`
