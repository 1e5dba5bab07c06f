/** A longer link makes a code that phones have trouble with. */
const maxLength = 500

/** The QR code of a magnet link, as SVG; of a long link only what finds the torrent. */
export async function qrCode(magnet: string): Promise<string> {
  const { renderSVG } = await import('uqr')
  return renderSVG(magnet.length > maxLength ? shorten(magnet) : magnet, { border: 2 })
}

function shorten(magnet: string): string {
  const topics = magnet.match(/(?<=[?&])xt=urn:bt[im]h:[0-9a-z]+/gi) ?? []
  return `magnet:?${topics.join('&')}`
}
