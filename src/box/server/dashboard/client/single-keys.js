const name = 'single-keys'

/** Whether letters alone do something: somebody who speaks to the computer sets them off without meaning to. */
export function singleKeysWork() {
  try {
    return localStorage.getItem(name) !== 'off'
  } catch {
    return true
  }
}

/** Is remembered by this browser. */
export function letSingleKeysWork(isOn) {
  try {
    localStorage.setItem(name, isOn ? 'on' : 'off')
  } catch {
    // A browser that keeps nothing keeps this neither.
  }
}
