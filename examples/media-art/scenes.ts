import { type Animal, elephant, giraffe, penguin, zebra } from './animals.ts'

/** Time of day, from the colours of the sky. */
const skies = {
  morning: ['#9fd3f0', '#fdf1d6', '#fff3b0'],
  noon: ['#4fa8e0', '#c9ecfa', '#fff6c9'],
  evening: ['#f0785a', '#fcd79b', '#ffe08a'],
  night: ['#141c3a', '#3a4a7a', '#f4f1de'],
} as const

export interface Photo {
  readonly width: number
  readonly height: number
  readonly sky: keyof typeof skies
  readonly ground: string
  readonly animals: readonly { animal: Animal; x: number; scale: number; step?: number }[]
}

/** A still picture as SVG. `y` of the ground is at two thirds of its height. */
export function photoSvg({ width, height, sky, ground, animals }: Photo): string {
  const [top, bottom, sun] = skies[sky]
  const horizon = height * 0.62
  const standing = animals
    .map(({ animal, x, scale, step = 0.1 }) =>
      place(animal(step), x * width, horizon + height * 0.2 * scale, scale * (height / 300)),
    )
    .join('')
  return frame(
    width,
    height,
    `<rect width="${width}" height="${height}" fill="url(#sky)"/>
     <circle cx="${width * 0.8}" cy="${height * 0.2}" r="${height * 0.09}" fill="${sun}"/>
     <path d="M0 ${horizon} Q${width * 0.25} ${horizon - height * 0.22} ${width * 0.55} ${horizon} T${width} ${horizon - height * 0.08} V${height} H0 z" fill="${ground}" opacity="0.55"/>
     <rect y="${horizon}" width="${width}" height="${height - horizon}" fill="${ground}"/>
     ${tufts(width, horizon, height)}${standing}`,
    top,
    bottom,
  )
}

/** One frame of the film of the zoo: a parade before hills, at `time` from 0 to 1. */
export function zooFrameSvg(width: number, height: number, time: number): string {
  const [top, bottom] = skies.noon
  const horizon = height * 0.6
  const step = time * 8
  const parade = [
    { animal: penguin, at: 0.02, scale: 0.42 },
    { animal: zebra, at: 0.17, scale: 0.62 },
    { animal: giraffe, at: 0.38, scale: 0.72 },
    { animal: elephant, at: 0.62, scale: 0.75 },
  ]
    .map(({ animal, at, scale }, index) =>
      place(animal(step + index / 3), (at - 0.55 + time * 1.15) * width, height * 0.9, scale),
    )
    .join('')
  const cloud = (x: number, y: number) =>
    `<g fill="#fff" opacity="0.9"><ellipse cx="${x}" cy="${y}" rx="26" ry="10"/><circle cx="${x - 8}" cy="${y - 7}" r="11"/><circle cx="${x + 10}" cy="${y - 5}" r="9"/></g>`
  return frame(
    width,
    height,
    `<rect width="${width}" height="${height}" fill="url(#sky)"/>
     <circle cx="${width - 44}" cy="36" r="${(20 + Math.sin(time * 12) * 1.5).toFixed(2)}" fill="#ffe27a"/>
     ${cloud(40 + time * 60, 34)}${cloud(170 + time * 40, 52)}
     <path d="M0 ${horizon} Q80 ${horizon - 40} 170 ${horizon - 4} T${width} ${horizon - 14} V${height} H0 z" fill="#8cc084"/>
     <rect y="${horizon + 12}" width="${width}" height="${height}" fill="#6fae6a"/>
     <rect y="${height * 0.84}" width="${width}" height="${height}" fill="#e3cf9a"/>${parade}
     ${Array.from({ length: 11 }, (_, post) => `<rect x="${post * 32 - ((time * 320) % 32)}" y="${height - 22}" width="6" height="22" fill="#8a5a33"/>`).join('')}
     <rect y="${height - 17}" width="${width}" height="4" fill="#a06c40"/>`,
    top,
    bottom,
  )
}

function place(shape: string, x: number, y: number, scale: number): string {
  return `<g transform="translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${scale.toFixed(3)})"><ellipse rx="60" ry="7" fill="#000" opacity="0.15"/>${shape}</g>`
}

function tufts(width: number, horizon: number, height: number): string {
  return Array.from({ length: 40 }, (_, index) => {
    const x = ((index * 137.5) % 360) * (width / 360)
    const y = horizon + ((index * 61) % 97) * ((height - horizon) / 100) + 6
    return `<path d="M${x.toFixed(1)} ${y.toFixed(1)} l-4 -9 M${x.toFixed(1)} ${y.toFixed(1)} l1 -11 M${x.toFixed(1)} ${y.toFixed(1)} l5 -8" stroke="#000" stroke-opacity="0.18" stroke-width="2" stroke-linecap="round"/>`
  }).join('')
}

function frame(width: number, height: number, content: string, top: string, bottom: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${top}"/><stop offset="0.7" stop-color="${bottom}"/></linearGradient></defs>
    ${content}</svg>`
}
