package tables

import (
	"errors"
	"io/fs"
	"iter"
	"math"
	"slices"
	"strconv"

	"netql/sources/procfs"
)

// sockstatFile is what kinds read that have their number in sockstat and their limit in a setting, for explain.
const sockstatFile = "/proc/net/sockstat, sockstat6, /proc/sys/net"

// inPages and asItIs say what the numbers of a kind count.
const (
	inPages = true
	asItIs  = false
)

// inSockstat reads a kind whose number is in sockstat or sockstat6, in a group by a name, and whose limit is number i
// of a setting below /proc/sys; both in pages or not.
func inSockstat(group, name, setting string, i int, pages bool) func(*limitReader) iter.Seq2[limit, error] {
	return func(l *limitReader) iter.Seq2[limit, error] {
		used, unit := l.stat(group, name), 1
		if !used.known {
			return none
		}
		if pages {
			unit = l.page
		}
		used.value = times(used.value, unit)
		return only(limit{used: used, most: l.setting(setting, i, unit)})
	}
}

// only is the one row of a kind.
func only(row limit) iter.Seq2[limit, error] {
	return func(yield func(limit, error) bool) { yield(row, nil) }
}

// none are the rows of a kind that the kernel does not have.
func none(func(limit, error) bool) {}

// conntrack reads /proc/sys/net/netfilter, which is there while the module nf_conntrack is.
func (l *limitReader) conntrack() iter.Seq2[limit, error] {
	return l.counted("conntrack", "net/netfilter/nf_conntrack_count", 0, "net/netfilter/nf_conntrack_max", 0)
}

// fileNumber reads fs.file-nr, whose numbers are open files, 0, and how many there may be.
func (l *limitReader) fileNumber() iter.Seq2[limit, error] {
	return l.counted("file_nr", "fs/file-nr", 0, "fs/file-nr", 2)
}

// counted reads a kind whose number and limit are numbers of two settings. That there is no such setting is told only
// to a query that names the kind.
func (l *limitReader) counted(kind, used string, i int, most string, j int) iter.Seq2[limit, error] {
	list, err := procfs.ReadSysctl(l.files, used)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !l.named(kind):
		return none
	case err != nil || i >= len(list):
		l.report(err, "/proc/sys/"+used)
		return none
	}
	return only(limit{used: known(list[i]), most: l.setting(most, j, 1)})
}

// destinations reads the entries of IPv6's dst_ops in rt6_stats. From Linux 6.3 on the limit is the largest int, and
// nobody reads it (ip6_dst_gc of net/ipv6/route.c).
func (l *limitReader) destinations() iter.Seq2[limit, error] {
	list, err := procfs.RT6Stats(l.files)
	if errors.Is(err, fs.ErrNotExist) && !l.named("ipv6_dst") {
		return none
	}
	l.report(err, "/proc/net/rt6_stats")
	i := slices.IndexFunc(list, func(c procfs.Counter) bool { return c.Name == "dst_entries" })
	if i < 0 {
		return none
	}
	most := l.setting("net/ipv6/route/max_size", 0, 1)
	most.known = most.known && most.value != math.MaxInt32
	return only(limit{used: known(int(list[i].Value)), most: most})
}

// memberships reads the limit alone: the memberships of a socket (ip_mc_join_group of net/ipv4/igmp.c) are nowhere to
// be read.
func (l *limitReader) memberships() iter.Seq2[limit, error] {
	most := l.setting("net/ipv4/igmp_max_memberships", 0, 1)
	if !most.known {
		return none
	}
	return only(limit{most: most})
}

// netdevBacklogs reads the packets that wait in the queue of each CPU that is being filled, which is what the kernel
// compares with net.core.netdev_max_backlog (enqueue_to_backlog of net/core/dev.c). Before Linux 6.4 both queues of
// the CPU are one number, which is more.
func (l *limitReader) netdevBacklogs() iter.Seq2[limit, error] {
	return func(yield func(limit, error) bool) {
		list, err := procfs.ReadSoftnet(l.files)
		most := l.setting("net/core/netdev_max_backlog", 0, 1)
		for _, s := range list {
			row := limit{subject: "CPU " + strconv.Itoa(s.CPU), most: most}
			if row.used.value, row.used.known = notNegative(s.InputBacklog); !row.used.known {
				row.used.value, row.used.known = notNegative(s.Backlog)
			}
			if s.CPU >= 0 && !yield(row, nil) {
				return
			}
		}
		if err != nil {
			yield(limit{}, err)
		}
	}
}
