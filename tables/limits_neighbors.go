package tables

import (
	"errors"
	"io/fs"
	"iter"

	"netql/sources/procfs"
)

// neighborTable is the kernel's table of neighbours of a family: its file in /proc/net/stat, and its setting.
type neighborTable struct{ family, file, setting string }

var neighborLimits = []neighborTable{
	{"inet", "arp_cache", "net/ipv4/neigh/default/gc_thresh3"},
	{"inet6", "ndisc_cache", "net/ipv6/neigh/default/gc_thresh3"},
}

// neighborTables reads how many neighbours there are, which is one number for all network namespaces (struct
// neigh_table), and is shown in the first of them, as its limit is.
func (l *limitReader) neighborTables() iter.Seq2[limit, error] {
	return func(yield func(limit, error) bool) {
		if l.named("neighbors") && !l.inFirst(l.warn) {
			l.warn("the number of neighbours is of all network namespaces, and the kernel tells it in the first one")
		}
		for _, table := range neighborLimits {
			counters, err := procfs.CacheStats(l.files, func(group string) bool { return group == table.file })
			if !errors.Is(err, fs.ErrNotExist) || l.named("neighbors") {
				l.report(err, "/proc/net/stat")
			}
			for _, c := range counters {
				if c.Group != table.file || c.Name != "entries" {
					continue
				}
				row := limit{subject: table.family, used: known(int(c.Value)), most: l.setting(table.setting, 0, 1),
					changedBy: procfs.SettingName(table.setting)}
				if !yield(row, nil) {
					return
				}
			}
		}
	}
}
