/**
 * Shows the view that the address names: `#/<view>/<rest>`. A view has `element`, `title`, `show(rest)` and `hide()`.
 */
export function startRouter(views) {
  const place = document.getElementById('view')
  const links = [...document.querySelectorAll('.places a')]
  const content = document.getElementById('content')
  const router = { current: undefined }

  const go = () => {
    const [name, ...rest] = location.hash.replace(/^#\/?/, '').split('/')
    const view = Object.hasOwn(views, name) ? views[name] : views['']
    const isSame = router.current === view
    router.current?.hide()
    router.current = view
    const isFirst = place.childElementCount === 0
    if (!isSame) place.replaceChildren(view.element)
    // What was chosen is gone with the view that it was in: whoever uses keys, or hears the page, goes on in the new one.
    if (!isSame && !isFirst) content.focus({ preventScroll: true })
    document.title = `${view.title} – Seed box`
    const home = view.belongsTo ?? `#/${name}`
    for (const link of links)
      if (link.getAttribute('href') === home) link.setAttribute('aria-current', 'page')
      else link.removeAttribute('aria-current')
    view.show(rest.map(decode).join('/'))
  }

  addEventListener('hashchange', go)
  // Its address names a place in the page, which is no view.
  document.querySelector('.skip').addEventListener('click', event => {
    event.preventDefault()
    content.focus()
  })
  go()
  return router
}

function decode(part) {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
