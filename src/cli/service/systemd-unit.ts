import { type Service, serviceMark } from './service.ts'

/** Name of the unit. */
export const unitName = 'p2pshare-box.service'

/**
 * The unit of systemd's user manager. It has what makes a user's service safer without privileges: sandboxes of the file system need
 * some, and would hide disks besides.
 */
export function systemdUnit({ program, home }: Service): string {
  const command = [...program, 'box', 'start'].map(quoteForExec).join(' ')
  const environment = home === undefined ? '' : `Environment=${quote(`P2PSHARE_HOME=${home}`)}\n`
  return `# ${serviceMark}
[Unit]
Description=p2pshare seed box

[Service]
Type=notify
# What tells that it is up is a program that the box starts.
NotifyAccess=all
TimeoutStartSec=300
ExecStart=${command}
ExecReload=/bin/kill -HUP $MAINPID
${environment}# 130 is how it ends when it is told to; wrong options and settings do not come right by themselves.
SuccessExitStatus=130
Restart=on-failure
RestartSec=5
RestartPreventExitStatus=2 3
# It stops within 5 seconds.
TimeoutStopSec=15
KillMode=mixed

NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictNamespaces=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM

[Install]
WantedBy=default.target
`
}

/** As systemd reads a word: what it would put in for % is written twice. */
function quote(word: string): string {
  const escaped = word.replace(/[\\"]/g, '\\$&').replaceAll('%', '%%').replaceAll('\n', '\\n')
  return /^[\w@:./=+-]+$/.test(escaped) ? escaped : `"${escaped}"`
}

/** In a command line a $ would be a variable. */
function quoteForExec(word: string): string {
  return quote(word).replaceAll('$', '$$$$')
}
