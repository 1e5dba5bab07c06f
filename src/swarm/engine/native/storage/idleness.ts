/** After so many seconds without use memory that was kept for later goes. */
const longSeconds = 30

/** For how long something has not been used, without a timer of its own. */
export class Idleness {
  #seconds = 0

  used(): void {
    this.#seconds = 0
  }

  /** Called every second; `true` once, when it has been long. */
  onSecond(): boolean {
    return ++this.#seconds === longSeconds
  }
}
