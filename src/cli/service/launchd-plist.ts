import { type Service, serviceMark } from './service.ts'

/** Name of the agent. */
export const agentLabel = 'p2pshare.box'

/** The agent of launchd, macOS's own. */
export function launchdPlist({ program, home }: Service): string {
  const words = [...program, 'box', 'start'].map(word => `    <string>${escapeXml(word)}</string>`).join('\n')
  const environment =
    home === undefined
      ? ''
      : `  <key>EnvironmentVariables</key>
  <dict>
    <key>P2PSHARE_HOME</key>
    <string>${escapeXml(home)}</string>
  </dict>
`
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- ${serviceMark} -->
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${agentLabel}</string>
  <key>ProgramArguments</key>
  <array>
${words}
  </array>
${environment}  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ExitTimeOut</key>
  <integer>15</integer>
  <key>ProcessType</key>
  <string>Background</string>
</dict>
</plist>
`
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
