package tables

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"netql/query"
	"netql/sources/rtnetlink"
)

// fewLinks is how many interfaces are looked up one by one; more are quicker to list all at once.
const fewLinks = 8

// linkChoice is which interfaces are read: a few that are looked up, or all.
type linkChoice struct {
	all  bool
	keys []rtnetlink.LinkKey
}

// chooseLinks chooses the interfaces that the conditions leave by a column with their indexes, "" for none, or else by
// one with their names. Several names are not looked up one by one: names may change meanwhile, and then an interface
// could be missing, or there twice.
func chooseLinks(where query.Predicate, index, name string) linkChoice {
	var keys []rtnetlink.LinkKey
	indexes := onlyNumbers(where, index)
	for _, n := range indexes {
		keys = append(keys, rtnetlink.LinkKey{Index: n})
	}
	names, byName := where.Only(name)
	if indexes == nil {
		keys = namedLinks(names)
	}
	if indexes == nil && (!byName || len(keys) > 1) || len(keys) > fewLinks {
		return linkChoice{all: true}
	}
	return linkChoice{keys: keys}
}

// namedLinks are keys of interfaces by their names, each once.
func namedLinks(names []any) (keys []rtnetlink.LinkKey) {
	for _, value := range names {
		name, _ := value.(string)
		if key := (rtnetlink.LinkKey{Name: name}); name != "" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// none says that no interface can satisfy the conditions.
func (c linkChoice) none() bool { return !c.all && len(c.keys) == 0 }

// request is what explain says of asking for the interfaces.
func (c linkChoice) request() string {
	switch {
	case c.all:
		return "rtnetlink RTM_GETLINK"
	case c.none():
		return "nothing: no interface can satisfy the conditions"
	}
	return "rtnetlink RTM_GETLINK of " + c.String()
}

// String is the keys of the interfaces that are looked up.
func (c linkChoice) String() string {
	var texts []string
	for _, key := range c.keys {
		texts = append(texts, key.String())
	}
	return strings.Join(texts, ", ")
}

// devices reads the chosen interfaces with all that the kernel tells of them, the counters only if they are wanted.
func (c linkChoice) devices(s *scanState, counters bool) iter.Seq2[*rtnetlink.Device, error] {
	if c.all {
		return rtnetlink.Devices(s.ctx, s.system.Netlink, counters)
	}
	return lookedUp(c.keys, func(d *rtnetlink.Device) int { return d.Index },
		func(key rtnetlink.LinkKey) (*rtnetlink.Device, bool, error) {
			device, err := rtnetlink.LookUpDevice(s.ctx, s.system.Netlink, key, counters)
			return device, device != nil, err
		})
}

// links reads the indexes and names of the chosen interfaces.
func (c linkChoice) links(s *scanState) iter.Seq2[rtnetlink.Link, error] {
	if c.all {
		return rtnetlink.Links(s.ctx, s.system.Netlink)
	}
	return lookedUp(c.keys, func(l rtnetlink.Link) int { return l.Index },
		func(key rtnetlink.LinkKey) (rtnetlink.Link, bool, error) {
			return rtnetlink.LookUpLink(s.ctx, s.system.Netlink, key)
		})
}

// lookedUp looks a few interfaces up, and gives those that there are as the kernel lists them: by their indexes. The
// errors stand before them.
func lookedUp[T any](
	keys []rtnetlink.LinkKey, index func(T) int, lookUp func(rtnetlink.LinkKey) (T, bool, error),
) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var found []T
		for _, key := range keys {
			link, exists, err := lookUp(key)
			if err != nil && !yield(link, err) {
				return
			}
			if exists {
				found = append(found, link)
			}
		}
		slices.SortFunc(found, func(a, b T) int { return cmp.Compare(index(a), index(b)) })
		for _, link := range found {
			if !yield(link, nil) {
				return
			}
		}
	}
}
