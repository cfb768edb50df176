package procfs

import (
	"io"
	"strings"
)

// parseEntries reads a file of names such as /etc/services, in its order: a line is an entry of two fields or more, and
// # begins a comment. Like the C library it skips lines that are no entries; read says whether the fields are one.
func parseEntries[T any](r io.Reader, read func(fields []string) (entry T, ok bool)) (list []T, err error) {
	for l, err := range lines(r) {
		if err != nil {
			return list, err
		}
		text, _, _ := strings.Cut(l.text, "#")
		fields := strings.Fields(text)
		if len(fields) < 2 {
			continue
		}
		if entry, ok := read(fields); ok {
			list = append(list, entry)
		}
	}
	return list, nil
}
