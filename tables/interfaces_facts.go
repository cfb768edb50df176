package tables

import (
	"context"
	"errors"
	"net/netip"
	"slices"

	"netql/sources"
	"netql/sources/ethtool"
	"netql/sources/rtnetlink"
)

// linkFacts are what columns of interfaces need beside the link message. Each is read once for a query, and only if
// some row asks for it.
type linkFacts struct {
	*scanState
	addresses lazy[map[int]linkAddresses] // by the interface's index
	numbered  lazy[numberedNamespaces]
	family    lazy[*ethtool.Family] // of generic netlink; nil where the kernel does not have it

	// What drivers say, by the interface's index; nil where they say nothing.
	modes    memo[int, *ethtool.LinkModes]
	rings    memo[int, *ethtool.Rings]
	channels memo[int, *ethtool.Channels]
	pause    memo[int, *ethtool.Pause]
	driver   memo[string, *ethtool.Driver] // by the interface's name
}

// numberedNamespaces are the network namespaces that have a number (nsid) in this one, and the error that says why
// there may be more.
type numberedNamespaces struct {
	byNumber map[int32]sources.Namespace
	err      error
}

// linkAddresses are the addresses of an interface.
type linkAddresses struct {
	prefixes []netip.Prefix
	labelled []string // the labels, one for each address of IPv4
}

// labels are the labels other than the interface's name, each once.
func (a linkAddresses) labels(name string) []string {
	var labels []string
	for _, label := range a.labelled {
		if label != name && !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
	}
	return labels
}

func (f *linkFacts) readAddresses() map[int]linkAddresses {
	found := map[int]linkAddresses{}
	for a, err := range rtnetlink.Addresses(f.ctx, f.system.Netlink) {
		if err != nil {
			f.warn("the addresses of some interfaces are unknown: " + err.Error())
			break
		}
		all := found[a.Index]
		if p := netip.PrefixFrom(a.Local, a.Bits); p.IsValid() {
			all.prefixes = append(all.prefixes, p)
		}
		if a.Label != "" {
			all.labelled = append(all.labelled, a.Label)
		}
		found[a.Index] = all
	}
	return found
}

func (f *linkFacts) addressesOf(index int) linkAddresses {
	return f.addresses.get(f.readAddresses)[index]
}

// numberedName is the name of the network namespace of a number (nsid), else its inode number; false where it is not
// found. There is a warning where it may have been missed, or its name.
func (f *linkFacts) numberedName(id int32) (string, bool) {
	found := f.numbered.get(func() (n numberedNamespaces) {
		n.byNumber, n.err = f.system.NumberedNamespaces(f.ctx)
		return n
	})
	namespace, ok := found.byNumber[id]
	if !ok && found.err != nil {
		f.warn("the network namespaces of some interfaces' other ends are unknown: " + found.err.Error())
	}
	if unnamed, some := errors.AsType[*sources.Unnamed](found.err); ok && namespace.Name == "" && some {
		f.warn(unnamed.Error())
	}
	return namespace.String(), ok
}

func (f *linkFacts) findFamily() *ethtool.Family {
	family, err := ethtool.Find(f.ctx, f.system.Netlink)
	if err != nil {
		f.warn("what drivers tell of their hardware is unknown: " + err.Error())
		return nil
	}
	return &family
}

// question asks ethtool's generic netlink about the interface of an index.
type question[T any] func(family ethtool.Family, ctx context.Context, index int) (T, error)

// asked is the answer of an interface's driver to a question, which is asked once; nil where it has none. what names it
// in warnings.
func asked[T any](l *link, known *memo[int, *T], what string, ask question[T]) *T {
	return known.get(l.Index, func(index int) *T { return askFamily(l.facts, what, index, ask) })
}

func askFamily[T any](f *linkFacts, what string, index int, ask question[T]) *T {
	family := f.family.get(f.findFamily)
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

// askDriver is the names and versions that the driver of an interface gives (ETHTOOL_GDRVINFO); nil where it gives
// none.
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
