package tables

import (
	"context"
	"errors"
	"net/netip"
	"sync"

	"netql/sources"
	"netql/sources/ethtool"
	"netql/sources/rtnetlink"
)

// linkFacts are what columns of interfaces need beside the interface itself. Each is read once for a query, and only if some
// row asks for it.
type linkFacts struct {
	ctx    context.Context // of the query, since getters have none
	system *sources.System
	warn   func(string)

	interfaceNames
	addresses  func() map[int][]netip.Prefix
	namespaces func() (map[int32]sources.Namespace, error)
	family     func() *ethtool.Family
	modes      func(index int) *ethtool.LinkModes
	rings      func(index int) *ethtool.Rings
	channels   func(index int) *ethtool.Channels
	pause      func(index int) *ethtool.Pause
	driver     func(name string) *ethtool.Driver
}

func newLinkFacts(ctx context.Context, system *sources.System, warn func(string)) *linkFacts {
	f := &linkFacts{ctx: ctx, system: system, warn: warn, interfaceNames: newInterfaceNames(ctx, system, warn)}
	f.addresses = sync.OnceValue(f.readAddresses)
	f.namespaces = sync.OnceValues(func() (map[int32]sources.Namespace, error) { return system.NumberedNamespaces(ctx) })
	f.family = sync.OnceValue(f.findFamily)
	f.modes = once(func(index int) *ethtool.LinkModes { return askFamily(f, "link modes", index, ethtool.Family.LinkModes) })
	f.rings = once(func(index int) *ethtool.Rings { return askFamily(f, "rings", index, ethtool.Family.Rings) })
	f.channels = once(func(index int) *ethtool.Channels { return askFamily(f, "channels", index, ethtool.Family.Channels) })
	f.pause = once(func(index int) *ethtool.Pause { return askFamily(f, "flow control", index, ethtool.Family.Pause) })
	f.driver = once(f.askDriver)
	return f
}

func (f *linkFacts) readAddresses() map[int][]netip.Prefix {
	found := map[int][]netip.Prefix{}
	for a, err := range rtnetlink.Addresses(f.ctx, f.system.Netlink) {
		if err != nil {
			f.warn("the addresses of some interfaces are unknown: " + err.Error())
			break
		}
		if p := netip.PrefixFrom(a.Local, a.Bits); p.IsValid() {
			found[a.Index] = append(found[a.Index], p)
		}
	}
	return found
}

func (f *linkFacts) addressList(index int) any { return listOf(f.addresses()[index]) }

// namespaceName is the name of the network namespace that has a number here. Those that cannot be seen matter only where a
// number is left without a name.
func (f *linkFacts) namespaceName(id int32) any {
	found, err := f.namespaces()
	namespace, ok := found[id]
	if !ok && err != nil {
		f.warn("the network namespaces of some interfaces' other ends are unknown: " + err.Error())
	}
	return orNull(namespace.String(), ok)
}

func (f *linkFacts) findFamily() *ethtool.Family {
	family, err := ethtool.Find(f.ctx, f.system.Netlink)
	if err != nil {
		f.warn("what drivers tell of their hardware is unknown: " + err.Error())
		return nil
	}
	return &family
}

// askFamily is one answer of ethtool's netlink about one interface, nil where there is none.
func askFamily[T any](f *linkFacts, what string, index int, ask func(ethtool.Family, context.Context, int) (T, error)) *T {
	family := f.family()
	if family == nil {
		return nil
	}
	answer, err := ask(*family, f.ctx, index)
	if errors.Is(err, ethtool.ErrUnsupported) {
		return nil
	}
	if err != nil {
		f.warn("the " + what + " of " + f.interfaceName(uint32(index)) + " are unknown: " + err.Error())
		return nil
	}
	return &answer
}

// askDriver is the driver's own account, nil where there is none.
func (f *linkFacts) askDriver(name string) *ethtool.Driver {
	if f.system.Ethtool == nil {
		return nil
	}
	driver, err := f.system.Ethtool.Driver(f.ctx, name)
	if errors.Is(err, ethtool.ErrUnsupported) {
		return nil
	}
	if err != nil {
		f.warn("the driver of " + name + " is unknown: " + err.Error())
		return nil
	}
	return &driver
}
