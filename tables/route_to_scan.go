package tables

import (
	"errors"
	"fmt"
	"iter"
	"math"
	"net/netip"

	"netql/query"
	"netql/sources/netlink"
	"netql/sources/rtnetlink"
)

// planRouteTo asks the kernel each question of the request.
func planRouteTo(request query.Request) query.Scan[routeTo] {
	return streamScan[routeTo]{"rtnetlink RTM_GETROUTE", "answers of the kernel", request,
		func(state *scanState) iter.Seq2[*routeTo, error] {
			return func(yield func(*routeTo, error) bool) {
				facts := &routeFacts{scanState: state}
				for _, question := range request.Questions {
					if !state.system.Live {
						yield(nil, &NoKernel{question})
						return
					}
					if row, err := askRoute(facts, question); !yield(row, err) {
						return
					}
				}
			}
		}}
}

// NoKernel is the error of a question that only a running kernel answers, and that is put to a capture.
type NoKernel struct{ question query.Question }

func (e *NoKernel) Error() string {
	return "a capture has no kernel that could be asked which way packets go"
}

// Hint is the query that comes close.
func (e *NoKernel) Hint() string {
	if dst, ok := e.question["dst"].(netip.Addr); ok {
		return fmt.Sprintf("the routes that lead there, of which the longest of a table wins: routes %s in dst", dst)
	}
	return "the table routes has the routes"
}

// askRoute asks the kernel one question. What it refuses is no error, but a row that says so.
func askRoute(facts *routeFacts, question query.Question) (*routeTo, error) {
	r := &routeTo{question: question, facts: facts}
	if r.refusal = r.ask(); r.refusal != nil {
		return r, nil
	}
	found, err := rtnetlink.LookUpRoute(facts.ctx, facts.system.Netlink, r.lookup)
	if _, refused := errors.AsType[*netlink.Error](err); refused {
		r.refusal = err
		return r, nil
	}
	if err != nil {
		return nil, err
	}
	r.answer = &route{Route: found, hop: &found.Nexthops[0], facts: facts, nexthop: 1}
	return r, nil
}

// ask makes a lookup of the question. An error is why the kernel cannot be asked it.
func (r *routeTo) ask() (err error) {
	dst, src := askedFor[netip.Addr](r, "dst"), askedFor[netip.Addr](r, "src")
	r.lookup.Dst, r.lookup.Src = dst.WithZone("").Unmap(), src.WithZone("").Unmap()
	if src.IsValid() && r.lookup.Dst.Is4() != r.lookup.Src.Is4() {
		return errors.New("dst and src are of different address families")
	}
	in, out := askedFor[string](r, "iif"), askedFor[string](r, "oif")
	if out == "" {
		out = dst.Zone()
	}
	mark, tos, proto := uint32(0), uint32(0), uint32(0)
	for _, number := range []struct {
		column string
		most   int
		set    func(n int)
	}{
		{"mark", math.MaxUint32, func(n int) { mark = uint32(n); r.lookup.Mark = &mark }},
		{"uid", math.MaxUint32 - 1, func(n int) { uid := uint32(n); r.lookup.UID = &uid }},
		{"tos", math.MaxUint8, func(n int) { tos = uint32(n) }},
		{"ipproto", math.MaxUint8, func(n int) { proto = uint32(n) }},
		{"sport", math.MaxUint16, func(n int) { r.lookup.SrcPort = uint16(n) }},
		{"dport", math.MaxUint16, func(n int) { r.lookup.DestPort = uint16(n) }},
	} {
		if n, ok := r.question[number.column].(int); ok && n >= 0 && n <= number.most {
			number.set(n)
		} else if ok {
			return fmt.Errorf("%s is a number from 0 to %d, not %d", number.column, number.most, n)
		}
	}
	r.lookup.TOS, r.lookup.IPProto = uint8(tos), uint8(proto)
	if r.lookup.InIndex, err = r.index(in); err == nil {
		r.lookup.OutIndex, err = r.index(out)
	}
	return err
}

// index is the index of the interface of a name; 0 for "".
func (r *routeTo) index(name string) (uint32, error) {
	if name == "" {
		return 0, nil
	}
	if index := r.facts.interfaceIndex(name); index != 0 {
		return index, nil
	}
	return 0, fmt.Errorf("there is no interface %q", name)
}

// refused is the kernel's reason; false where it has another one than that of routes and rules. A blackhole is one only
// where nothing else explains it: the kernel answers the same for addresses that no packet may come from.
func (r *routeTo) refused() (rtnetlink.Refusal, bool) {
	why, ok := rtnetlink.RefusalOf(r.refusal)
	if why.Type == rtnetlink.Blackhole && (r.lookup.Src.IsValid() || r.lookup.InIndex != 0) {
		return rtnetlink.Refusal{Text: "blackhole, or no packet may come from this source"}, true
	}
	return why, ok
}

// errorText says why packets get nowhere; "" where they do not.
func (r *routeTo) errorText() string {
	if r.refusal == nil {
		return ""
	}
	if why, ok := r.refused(); ok {
		return why.Text
	}
	if e, ok := errors.AsType[*netlink.Error](r.refusal); ok {
		return e.Error()
	}
	return r.refusal.Error()
}

// kind is the type of the route; 0 where there is none.
func (r *routeTo) kind() uint8 {
	if r.answer != nil {
		return r.answer.Type
	}
	why, _ := r.refused()
	return why.Type
}

// matched is the route as its table has it, for which the kernel is asked again; nil where it does not tell.
func (r *routeTo) matched() *route {
	if r.answer == nil {
		return nil
	}
	return r.match.get(func() *route {
		again := r.lookup
		again.AsTable = true
		found, err := rtnetlink.LookUpRoute(r.facts.ctx, r.facts.system.Netlink, again)
		if err != nil {
			r.facts.warn("the routes that some answers come from are unknown: " + err.Error())
			return nil
		}
		return &route{Route: found, hop: &found.Nexthops[0], facts: r.facts, nexthop: 1}
	})
}

// chosen is which of the route's nexthops the kernel chose, from 1; 0 where that is not known.
func (r *routeTo) chosen() int {
	match := r.matched()
	if match == nil {
		return 0
	}
	for i, hop := range r.facts.nexthops(match.Route) {
		if hop.Interface == r.answer.hop.Interface && hop.Gateway == r.answer.hop.Gateway {
			return i + 1
		}
	}
	return 0
}

// familyOfAddress is the address family of an address.
func familyOfAddress(a netip.Addr) uint8 {
	if a.Is4() {
		return inet
	}
	return inet6
}
