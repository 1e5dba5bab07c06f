import { setText } from './elements.js'
import { timeOfDay, when } from './format.js'

const dayMs = 86_400_000

/** Says by the gauge that slow hours hold, and until when. */
export function slowHours() {
  const place = document.getElementById('hours')
  const gauge = document.getElementById('open-limits')
  let status = { isSlow: false }
  return {
    /** For whoever sets limits; empty where the hours never change. */
    get words() {
      return wordsOf(status)
    },
    /** @param {{ isSlow: boolean, hoursChangeAt?: string }} now */
    show(now) {
      status = now
      place.hidden = !now.isSlow
      gauge.classList.toggle('slow', Boolean(now.isSlow))
      setText(place, now.isSlow ? wordsOf(now) : '')
    },
  }
}

function wordsOf({ isSlow, hoursChangeAt }) {
  if (!hoursChangeAt) return isSlow ? 'Slow hours' : ''
  const isSoon = Date.parse(hoursChangeAt) - Date.now() < dayMs
  const time = isSoon ? timeOfDay(hoursChangeAt) : when(hoursChangeAt)
  return isSlow ? `Slow hours until ${time}` : `Slow hours from ${time} on`
}
