package hub

import "golang.org/x/sys/unix"

// ownFiles is how many files a hub has open besides connections, and more.
const ownFiles = 64

// mostConnections is how many clients can connect, by the files that this process may have open. The runtime of Go has
// raised the limit as far as the process may.
func mostConnections() int {
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) != nil {
		return maxConnections
	}
	return int(min(limit.Cur, maxConnections)) - ownFiles
}
