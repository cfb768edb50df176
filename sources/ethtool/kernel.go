package ethtool

import (
	"context"
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Kernel is the Device of the running kernel.
type Kernel struct {
	// In runs a function in the network namespace to be asked; nil for that of the calling thread.
	In func(func() error) error
}

// socket opens a socket in the network namespace.
func (k Kernel) socket() (fd int, err error) {
	open := func() (err error) {
		fd, err = unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
		return err
	}
	if k.In == nil {
		err = open()
		return fd, err
	}
	err = k.In(open)
	return fd, err
}

// Driver implements Device.
func (k Kernel) Driver(ctx context.Context, name string) (Driver, error) {
	b := request(driverSize, unix.ETHTOOL_GDRVINFO)
	if err := k.ask(ctx, name, b); err != nil {
		return Driver{}, fmt.Errorf("ask the driver of %s: %w", name, err)
	}
	return parseDriver(b)
}

// Statistics implements Device.
func (k Kernel) Statistics(ctx context.Context, name string) ([]Statistic, error) {
	size := statisticsSet()
	if err := k.ask(ctx, name, size); err != nil {
		return nil, fmt.Errorf("count the statistics of %s: %w", name, err)
	}
	count := parseSetSize(size)
	if count == 0 {
		return nil, fmt.Errorf("%w: %s has no statistics", ErrUnsupported, name)
	}
	// The kernel writes as many as there are by then, however much room there is: leave room for new queues.
	room := 2*count + 1024
	names := request(stringsHeader+room*stringSize, unix.ETHTOOL_GSTRINGS, statistics, uint32(count))
	values := request(valuesHeader+room*8, unix.ETHTOOL_GSTATS, uint32(count))
	for _, b := range [][]byte{names, values} {
		if err := k.ask(ctx, name, b); err != nil {
			return nil, fmt.Errorf("read the statistics of %s: %w", name, err)
		}
	}
	list, err := parseStatistics(names, values)
	if err != nil {
		return nil, fmt.Errorf("read the statistics of %s: %w", name, err)
	}
	return list, nil
}

// ioctlRequest is struct ifreq with ifr_data, of which the kernel reads 40 bytes on 64-bit machines.
type ioctlRequest struct {
	name [unix.IFNAMSIZ]byte
	data unsafe.Pointer
	_    [16]byte
}

// ask passes a structure to the driver of an interface, which writes the answer into it (SIOCETHTOOL).
func (k Kernel) ask(ctx context.Context, name string, b []byte) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	fd, err := k.socket()
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	r := ioctlRequest{data: unsafe.Pointer(&b[0])}
	if copy(r.name[:len(r.name)-1], name) < len(name) {
		return orUnsupported(unix.ENODEV) // a part of the name may be another interface's
	}
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.SIOCETHTOOL, uintptr(unsafe.Pointer(&r)))
	runtime.KeepAlive(b)
	if errno != 0 {
		return orUnsupported(errno)
	}
	return nil
}
