package tables_test

import (
	"net/netip"
	"os"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
)

// ipBatch runs commands of ip(8).
func ipBatch(t *testing.T, commands string) {
	t.Helper()
	lab.Tool(t, commands, "ip", "-batch", "-")
}

// sysctl sets a setting below /proc/sys.
func sysctl(t *testing.T, path, value string) {
	t.Helper()
	if err := os.WriteFile("/proc/sys/"+path, []byte(value), 0o644); err != nil {
		t.Fatal(err)
	}
}

// goOn does things again and again, each twenty times in a second, until the test ends. None waits for another. What a
// busy machine has not let it do in time it does later, unless that was for long.
func goOn(t *testing.T, things ...func()) {
	t.Helper()
	const pause, long = 50 * time.Millisecond, 10 * time.Second
	ended := make(chan struct{})
	var going sync.WaitGroup
	for _, do := range things {
		going.Go(func() {
			for due := time.Now(); ; due = due.Add(pause) {
				if time.Since(due) > long {
					due = time.Now()
				}
				do()
				select {
				case <-ended:
					return
				case <-time.After(time.Until(due.Add(pause))):
				}
			}
		})
	}
	t.Cleanup(func() {
		close(ended)
		going.Wait()
	})
}

// refuse connects to an address where nobody listens.
func refuse(address netip.AddrPort) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return
	}
	defer unix.Close(fd)
	_ = unix.Connect(fd, &unix.SockaddrInet4{Port: int(address.Port()), Addr: address.Addr().As4()})
}

// setLink sets an interface up or down (netdevice(7)).
func setLink(name string, up bool) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return
	}
	defer unix.Close(fd)
	request, err := unix.NewIfreq(name)
	if err != nil || unix.IoctlIfreq(fd, unix.SIOCGIFFLAGS, request) != nil {
		return
	}
	flags := request.Uint16() &^ unix.IFF_UP
	if up {
		flags |= unix.IFF_UP
	}
	request.SetUint16(flags)
	_ = unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, request)
}
