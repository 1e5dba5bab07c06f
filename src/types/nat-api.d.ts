// What is used of @silentbot1/nat-api 0.4.9.
declare module '@silentbot1/nat-api' {
  interface Port {
    readonly publicPort: number
    readonly privatePort: number
    /** Both where it is not given. */
    readonly protocol?: 'TCP' | 'UDP'
  }

  export default class NatAPI {
    constructor(options: {
      /** Seconds. */
      ttl: number
      description: string
      autoUpdate: boolean
      enablePMP: boolean
      enableUPNP: boolean
    })
    map(port: Port): Promise<boolean>
    unmap(port: Port): Promise<boolean>
  }
}
