/** Lower-case hexadecimal. */
export type Hex = string
