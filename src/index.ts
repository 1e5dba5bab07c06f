export { P2pShareError } from './core/index.ts'
