import { nativeEngine } from '../../../src/swarm/engine/native.ts'
import { engineContract } from '../../contracts/engine.ts'

engineContract('native', nativeEngine)
