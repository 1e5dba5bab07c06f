// Writes listings one by one: catalog-writer.ts <database> <catalog> <count>
import { openDatabase } from '../../src/catalog/database/open-database.ts'
import { signListing } from '../../src/catalog/listing/sign.ts'
import { ListingStore } from '../../src/catalog/store/listing-store.ts'
import { generateIdentity } from '../../src/core/index.ts'
import { sampleDraft } from './sample-listing.ts'

const [location, catalogId, count] = process.argv.slice(2)
const database = await openDatabase(location!)
const store = new ListingStore(database)
const identity = generateIdentity()
for (let index = 0; index < Number(count); index++)
  await store.apply([signListing(sampleDraft(), identity)], { catalogId: Number(catalogId) })
await database.close()
