package procfs

import (
	"fmt"
	"io"
	"strings"

	"netql/sources/vfs"
)

// Slab is a line of /proc/slabinfo: a cache of equal objects (slabinfo(5)).
type Slab struct {
	Name         string
	Active       int // objects in use
	Objects      int // objects that there is memory for
	Size         int // of an object, in bytes
	PagesPerSlab int
	Slabs        int
}

// slabColumns read the columns in use. The header, "# name <active_objs> <num_objs> ...", gives them their names;
// labels with colons stand between.
var slabColumns = []struct {
	name string
	read func(*Slab) *int
}{
	{"<active_objs>", func(s *Slab) *int { return &s.Active }},
	{"<num_objs>", func(s *Slab) *int { return &s.Objects }},
	{"<objsize>", func(s *Slab) *int { return &s.Size }},
	{"<pagesperslab>", func(s *Slab) *int { return &s.PagesPerSlab }},
	{"<num_slabs>", func(s *Slab) *int { return &s.Slabs }},
}

// ReadSlabs reads /proc/slabinfo, which only root may. It gives what it could read besides the error.
func ReadSlabs(files vfs.Files) ([]Slab, error) {
	return parseFile(files, "/proc/slabinfo", ParseSlabs)
}

// ParseSlabs reads such a file. It reads on behind a line that it cannot read, and reports the first.
func ParseSlabs(r io.Reader) (list []Slab, fault error) {
	var columns map[string]int
	for l, err := range lines(r) {
		if err != nil {
			return list, err
		}
		fields := strings.Fields(l.text)
		if strings.HasPrefix(l.text, "slabinfo") || len(fields) == 0 {
			continue
		}
		if fields[0] == "#" {
			columns = columnIndexes(fields[1:])
			continue
		}
		s, err := parseSlab(columns, fields)
		if err == nil {
			list = append(list, s)
		} else if fault == nil {
			fault = l.fault("%w", err)
		}
	}
	return list, fault
}

func parseSlab(columns map[string]int, fields []string) (Slab, error) {
	s := Slab{Name: fields[0]}
	for _, c := range slabColumns {
		i, ok := columns[c.name]
		if !ok || i >= len(fields) {
			return Slab{}, fmt.Errorf("there is no %s", c.name)
		}
		if err := decimal(c.read(&s), fields[i]); err != nil {
			return Slab{}, err
		}
	}
	return s, nil
}

// columnIndexes are the indexes of the header's words, by word.
func columnIndexes(words []string) map[string]int {
	places := map[string]int{}
	for i, word := range words {
		places[word] = i
	}
	return places
}
