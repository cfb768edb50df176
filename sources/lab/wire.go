package lab

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A Wire is how a link between two namespaces treats packets, as netem of tc(8) would, which many kernels lack.
type Wire struct {
	Delay time.Duration // of each packet, in both directions
	Lose  int           // of so many packets with data that the first end sends, one is lost; 0 for none
}

// lossFrom is the size in bytes from which on a packet has data: it is more than any acknowledgement has.
const lossFrom = 200

// joinTun makes two tun devices of a name (tuntap in the kernel's documentation), one in the namespace of the caller
// and one in another, and carries packets between them until the test ends. Neither has an address yet, nor is up.
func joinTun(t testing.TB, name, namespace string, wire Wire) {
	t.Helper()
	near := tun(t, name)
	var far *os.File
	In(t, namespace, func() { far = tun(t, name) })
	ctx, stop := context.WithCancel(context.Background())
	var carriers sync.WaitGroup
	carriers.Go(func() { wire.carry(ctx, near, far) })
	carriers.Go(func() { Wire{Delay: wire.Delay}.carry(ctx, far, near) })
	t.Cleanup(func() {
		stop()
		near.Close()
		far.Close()
		carriers.Wait()
	})
}

// tun makes a tun device in the namespace of the calling thread. It goes when the file is closed.
func tun(t testing.TB, name string) *os.File {
	t.Helper()
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		impossible(t, "there is no tun device: "+err.Error())
	}
	request, err := unix.NewIfreq(name)
	if err == nil {
		request.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
		err = unix.IoctlIfreq(fd, unix.TUNSETIFF, request)
	}
	if err != nil {
		t.Fatalf("lab: tun device %s: %v", name, err)
	}
	file := os.NewFile(uintptr(fd), name)
	t.Cleanup(func() { file.Close() })
	return file
}

// A packet is on the way until its time.
type packet struct {
	bytes   []byte
	arrives time.Time
}

// carry brings packets from one device to another.
func (w Wire) carry(ctx context.Context, from, to *os.File) {
	const room = 4096 // packets on the way; what is more waits in the device
	way := make(chan packet, room)
	go w.collect(from, way)
	for p := range way {
		select {
		case <-ctx.Done():
		case <-time.After(time.Until(p.arrives)):
			_, _ = to.Write(p.bytes) // a device that is down or gone takes none
		}
	}
}

// collect reads packets until the device is closed, and loses some.
func (w Wire) collect(from *os.File, way chan<- packet) {
	defer close(way)
	buffer := make([]byte, 1<<16)
	for data := 0; ; {
		n, err := from.Read(buffer)
		if errors.Is(err, unix.EIO) { // the device is not up yet
			time.Sleep(time.Millisecond)
			continue
		} else if err != nil {
			return
		}
		if n >= lossFrom {
			data++
		}
		if n < lossFrom || w.Lose == 0 || data%w.Lose != 0 {
			way <- packet{append([]byte(nil), buffer[:n]...), time.Now().Add(w.Delay)}
		}
	}
}
