/**
 * Shows the view that the address names: `#/<view>/<rest>`. A view has `element`, `title`, `show(rest)` and `hide()`.
 */
export function startRouter(views) {
  const place = document.getElementById('view')
  const links = [...document.querySelectorAll('.places a')]
  const router = { current: undefined }

  const go = () => {
    const [name, ...rest] = location.hash.replace(/^#\/?/, '').split('/')
    const view = Object.hasOwn(views, name) ? views[name] : views['']
    const isSame = router.current === view
    router.current?.hide()
    router.current = view
    if (!isSame) place.replaceChildren(view.element)
    document.title = `${view.title} – Seed box`
    const home = view.belongsTo ?? `#/${name}`
    for (const link of links)
      if (link.getAttribute('href') === home) link.setAttribute('aria-current', 'page')
      else link.removeAttribute('aria-current')
    view.show(rest.map(decode).join('/'))
  }

  addEventListener('hashchange', go)
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
