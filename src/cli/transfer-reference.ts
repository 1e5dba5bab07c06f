/** How commands take a transfer of the box, as their help says it. */
export const byReference = 'by number, name, info-hash or the first 6 digits of that or more'
