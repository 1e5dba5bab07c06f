import { findHome } from '../../core/index.ts'
import { logPath } from './log-path.ts'
import { LogReader } from './log-reader.ts'

/** The log of the box of a home, for reading. */
export function boxLog(home?: string): LogReader {
  return new LogReader(logPath(findHome(home)))
}
