/** Calls what speaks the RPC of Transmission, in the form that all versions know. */
export class TransmissionRpc {
  readonly #url: string
  readonly #headers: Record<string, string>

  /** @param url of the server: `http://127.0.0.1:9091` */
  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    this.#url = `${url}/transmission/rpc`
    this.#headers = { ...headers }
  }

  /** @throws {Error} with its reason where it does not do so */
  async call<T = object>(method: string, parameters: object = {}): Promise<T> {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: { ...this.#headers, connection: 'close' },
      body: JSON.stringify({ method, arguments: parameters }),
    })
    const body = await response.text()
    const id = response.headers.get('x-transmission-session-id')
    if (response.status === 409 && id !== null && id !== this.#headers['x-transmission-session-id']) {
      this.#headers['x-transmission-session-id'] = id
      return this.call(method, parameters)
    }
    const answer = JSON.parse(body) as { result: string; arguments: T }
    if (answer.result !== 'success') throw new Error(`${method} is refused: ${answer.result}`)
    return answer.arguments
  }
}
