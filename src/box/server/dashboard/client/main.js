import { ActivityView } from './activity-view.js'
import { openAddDialog, takeFiles } from './add-dialog.js'
import { openHelp, openLimits } from './box-dialogs.js'
import { boxNotices } from './box-notices.js'
import { DetailView } from './detail-view.js'
import { watchDrops } from './drop-zone.js'
import { setText } from './elements.js'
import { FollowingView } from './following-view.js'
import { rate } from './format.js'
import { listenToKeys } from './keyboard.js'
import { listenToBox } from './live.js'
import { showAway } from './notices.js'
import { startRouter } from './router.js'
import { SearchView } from './search-view.js'
import { Selection } from './selection.js'
import { slowHours } from './slow-hours.js'
import { Transfers } from './transfers.js'
import { TransfersView } from './transfers-view.js'

const transfers = new Transfers()
const notices = boxNotices()
const hours = slowHours()
const openSpeeds = () => void openLimits(hours.words)
const openAdd = text => void openAddDialog(text)
const router = startRouter({
  '': new TransfersView({
    transfers,
    selection: new Selection(),
    openAdd: () => openAdd(),
    notices: notices.element,
  }),
  transfer: new DetailView({ transfers }),
  activity: new ActivityView(),
  following: new FollowingView(),
  search: new SearchView({ transfers }),
})

listenToKeys({
  current: () => router.current,
  everywhere: {
    a: () => openAdd(),
    l: openSpeeds,
    '?': openHelp,
    1: () => location.assign('#/'),
    2: () => location.assign('#/activity'),
    3: () => location.assign('#/following'),
    4: () => location.assign('#/search'),
  },
})
document.getElementById('open-limits').addEventListener('click', openSpeeds)
document.getElementById('open-help').addEventListener('click', openHelp)
watchDrops({ onFiles: takeFiles, onText: openAdd })

const numbers = { down: document.getElementById('rate-down'), up: document.getElementById('rate-up') }
const showStatus = status => {
  const { downloadBytesPerSecond, uploadBytesPerSecond } = status
  setText(numbers.down, rate(downloadBytesPerSecond))
  setText(numbers.up, rate(uploadBytesPerSecond))
  notices.show(status.notices)
  hours.show(status)
}

listenToBox({
  on: {
    snapshot({ transfers: views, status }) {
      transfers.replace(views)
      if (status) showStatus(status)
    },
    transfers: news => transfers.take(news),
    stats: showStatus,
  },
  onAway: showAway,
})
