/** Animals of a few shapes each, as SVG, standing on (0, 0), some 100 units tall. `step` in turns moves the legs. */
export type Animal = (step: number) => string

const legs = (color: string, places: readonly number[], length: number, width: number, step: number) =>
  places
    .map((x, index) => {
      const swing = Math.sin((step + index / 2) * 2 * Math.PI) * 14
      return `<rect x="${x - width / 2}" y="${-length}" width="${width}" height="${length}" rx="${width / 3}" fill="${color}" transform="rotate(${swing.toFixed(1)} ${x} ${-length})"/>`
    })
    .join('')

export const elephant: Animal = step => {
  const trunk = Math.sin(step * 2 * Math.PI) * 10
  return `${legs('#7d8794', [-42, -22, 22, 42], 45, 18, step)}
    <ellipse cx="0" cy="-62" rx="62" ry="36" fill="#8f9aa8"/>
    <path d="M-60 -66 q-16 10 -12 34" stroke="#7d8794" stroke-width="5" fill="none" stroke-linecap="round"/>
    <circle cx="62" cy="-78" r="29" fill="#8f9aa8"/>
    <path d="M82 -72 q22 14 ${14 + trunk} 52" stroke="#8f9aa8" stroke-width="14" fill="none" stroke-linecap="round"/>
    <ellipse cx="48" cy="-80" rx="20" ry="27" fill="#a9b2be"/>
    <path d="M80 -58 q12 6 18 0" stroke="#fff8e7" stroke-width="6" fill="none" stroke-linecap="round"/>
    <circle cx="72" cy="-86" r="4" fill="#222"/>`
}

export const giraffe: Animal = step => {
  const nod = Math.sin(step * 2 * Math.PI) * 4
  const spots = [
    [-22, -66],
    [0, -74],
    [18, -62],
    [-6, -56],
    [32, -92],
    [38, -112],
    [44, -130],
  ]
    .map(([x, y]) => `<rect x="${x! - 6}" y="${y! - 5}" width="12" height="10" rx="3" fill="#b5793a"/>`)
    .join('')
  return `${legs('#e0b050', [-28, -16, 18, 30], 52, 9, step)}
    <ellipse cx="0" cy="-65" rx="38" ry="21" fill="#f0c465"/>
    <g transform="rotate(${nod.toFixed(1)} 24 -74)">
      <path d="M20 -80 L44 -160 L58 -158 L42 -66 z" fill="#f0c465"/>
      <ellipse cx="62" cy="-160" rx="18" ry="11" fill="#f0c465"/>
      <path d="M48 -168 v-14 M58 -169 v-14" stroke="#8a5a2b" stroke-width="4" stroke-linecap="round"/>
      <circle cx="60" cy="-164" r="3" fill="#222"/>
    </g>${spots}
    <path d="M-37 -70 q-12 12 -6 30" stroke="#b5793a" stroke-width="4" fill="none"/>`
}

export const zebra: Animal = step => {
  const stripes = [-30, -18, -6, 6, 18, 30]
    .map(x => `<path d="M${x} -78 q6 18 -2 36" stroke="#2b2b33" stroke-width="5" fill="none"/>`)
    .join('')
  return `${legs('#f4f4f0', [-30, -18, 20, 32], 44, 10, step)}
    <ellipse cx="0" cy="-60" rx="44" ry="22" fill="#fbfbf7"/>${stripes}
    <path d="M28 -70 L52 -104 L66 -96 L44 -52 z" fill="#fbfbf7"/>
    <path d="M30 -78 L54 -110" stroke="#2b2b33" stroke-width="7"/>
    <ellipse cx="66" cy="-98" rx="19" ry="11" fill="#fbfbf7" transform="rotate(22 66 -98)"/>
    <circle cx="62" cy="-103" r="3" fill="#222"/><circle cx="80" cy="-92" r="5" fill="#55525c"/>
    <path d="M-43 -64 q-12 10 -8 28" stroke="#2b2b33" stroke-width="4" fill="none"/>`
}

export const lion: Animal = step => {
  const tail = Math.sin(step * 2 * Math.PI) * 14
  return `${legs('#d39a45', [-34, -20, 22, 36], 38, 13, step)}
    <ellipse cx="0" cy="-52" rx="48" ry="23" fill="#e0aa55"/>
    <path d="M-46 -56 q-24 -6 -26 ${-30 + tail}" stroke="#d39a45" stroke-width="5" fill="none" stroke-linecap="round"/>
    <circle cx="-72" cy="${-86 + tail}" r="7" fill="#8a4b1c"/>
    <circle cx="50" cy="-72" r="33" fill="#a85f24"/><circle cx="54" cy="-70" r="21" fill="#e8b868"/>
    <circle cx="48" cy="-75" r="3" fill="#222"/><circle cx="62" cy="-75" r="3" fill="#222"/>
    <path d="M51 -66 h8 l-4 5 z" fill="#5b3010"/><path d="M49 -58 q6 5 12 0" stroke="#5b3010" stroke-width="2.5" fill="none"/>`
}

export const flamingo: Animal = step => {
  const sway = Math.sin(step * 2 * Math.PI) * 3
  return `<path d="M-4 -46 v46 M6 -46 l8 20 l-10 8" stroke="#e0607e" stroke-width="4" fill="none" stroke-linecap="round"/>
    <g transform="rotate(${sway.toFixed(1)} 0 -46)">
      <ellipse cx="0" cy="-56" rx="30" ry="17" fill="#f58ba4"/>
      <path d="M22 -60 q34 -14 12 -38 q-12 -14 6 -22" stroke="#f58ba4" stroke-width="9" fill="none" stroke-linecap="round"/>
      <circle cx="42" cy="-120" r="8" fill="#f58ba4"/><path d="M48 -124 q16 2 10 14 l-8 -6 z" fill="#333"/>
      <circle cx="43" cy="-122" r="2" fill="#222"/>
    </g>`
}

export const penguin: Animal = step => {
  const lean = Math.sin(step * 2 * Math.PI) * 7
  return `<g transform="rotate(${lean.toFixed(1)} 0 0)">
    <ellipse cx="-12" cy="-3" rx="13" ry="5" fill="#f2a03d"/><ellipse cx="12" cy="-3" rx="13" ry="5" fill="#f2a03d"/>
    <ellipse cx="0" cy="-46" rx="30" ry="45" fill="#2c3140"/><ellipse cx="3" cy="-40" rx="20" ry="36" fill="#fdfdfb"/>
    <circle cx="0" cy="-88" r="19" fill="#2c3140"/><path d="M14 -90 l20 5 l-20 6 z" fill="#f2a03d"/>
    <circle cx="7" cy="-93" r="3.5" fill="#fff"/><circle cx="8" cy="-93" r="2" fill="#222"/>
    <path d="M-26 -62 q-16 22 -8 40" stroke="#2c3140" stroke-width="9" fill="none" stroke-linecap="round"/></g>`
}
