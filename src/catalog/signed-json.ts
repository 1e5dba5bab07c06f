import { canonicalJson, type Identity, verifySignature } from '../core/index.ts'

const member = ',"signature":"'
/** The signature's 128 digits and the quote after them. */
const rest = 129

/** The fields as canonical JSON (RFC 8785), signed by the identity: `signature` is over all the others. */
export function signJson(fields: Readonly<Record<string, unknown>>, identity: Identity): string {
  const signature = identity.sign(Buffer.from(canonicalJson({ ...fields, signature: undefined })))
  return canonicalJson({ ...fields, signature: Buffer.from(signature).toString('hex') })
}

/**
 * The bytes that the signature of an object is over: its canonical JSON without `signature`.
 *
 * @param json canonical, an object with a signature of 128 digits that sorts behind another key
 */
export function signedBytes(json: string): Uint8Array {
  const at = json.lastIndexOf(member)
  // Inside text the quotes would be escaped, so that one match is the object's own; an unknown field may hold another.
  if (json.indexOf(member) === at)
    return Buffer.from(json.slice(0, at) + json.slice(at + member.length + rest))
  return Buffer.from(canonicalJson({ ...JSON.parse(json), signature: undefined }))
}

/** Whether an object is signed by the key that it names. */
export function isSignedBy(publicKey: string, json: string, signature: string): boolean {
  return verifySignature(publicKey, signedBytes(json), Buffer.from(signature, 'hex'))
}
