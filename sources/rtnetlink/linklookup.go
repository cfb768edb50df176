package rtnetlink

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
)

// A LinkKey identifies an interface: by its index or, where that is 0, by its name.
type LinkKey struct {
	Index int
	Name  string
}

// LookUpLink asks for the index and name of one interface; false where there is none.
func LookUpLink(ctx context.Context, transport netlink.Transport, key LinkKey) (Link, bool, error) {
	link, err := lookUpLink(ctx, transport, key, uapi.RTEXT_FILTER_SKIP_STATS,
		parseLink, func(l Link) Link { return l })
	return link, link != Link{}, err
}

// LookUpDevice asks for one interface, as Devices lists it; nil where there is none.
func LookUpDevice(ctx context.Context, transport netlink.Transport, key LinkKey, counters bool) (*Device, error) {
	return lookUpLink(ctx, transport, key, linkMask(counters), parseDevice, func(d *Device) Link { return d.Link })
}

// lookUpLink asks for one interface; the zero value is for none. The kernel finds it by its other names, too
// (__dev_get_by_name of net/core/dev.c), by which it is not asked for here. No name is as long as IFNAMSIZ: the kernel
// would refuse the request.
func lookUpLink[T any](
	ctx context.Context, transport netlink.Transport, key LinkKey, mask uint32,
	parse func([]byte) (T, error), identity func(T) Link,
) (found T, err error) {
	var none T
	if key.Index < 0 || key.Index > math.MaxInt32 || len(key.Name) >= unix.IFNAMSIZ || key == (LinkKey{}) {
		return none, nil
	}
	for message, err := range transport.Dump(ctx, key.request(mask)) {
		var value T
		if err == nil {
			value, err = parse(message.Data)
		}
		if errors.Is(err, unix.ENODEV) {
			return none, nil
		}
		if err != nil {
			return none, fmt.Errorf("look interface %v up: %w", key, err)
		}
		if is := identity(value); is.Index == key.Index || key.Index == 0 && is.Name == key.Name {
			found = value
		}
	}
	return found, nil
}

// String is the index, or the name in quotation marks.
func (k LinkKey) String() string {
	if k.Index != 0 {
		return fmt.Sprintf("index %d", k.Index)
	}
	return fmt.Sprintf("%q", k.Name)
}

func (k LinkKey) request(mask uint32) netlink.Request {
	r := linkRequest(mask)
	r.Single = true
	if k.Index != 0 {
		binary.NativeEndian.PutUint32(r.Payload[linkIndex:], uint32(k.Index))
	} else {
		r.Payload = netlink.AppendAttribute(r.Payload, unix.IFLA_IFNAME, append([]byte(k.Name), 0))
	}
	return r
}
