package shell

import (
	"io"

	"netql/query"
	"netql/query/schema"
)

// ifAny holds back what is written until there is a row, or no error: where no host has answered nothing is printed,
// not even the names of columns.
func ifAny(rows query.Rows, out io.Writer) (query.Rows, io.Writer) {
	h := &heldBack{to: out}
	return func(yield func(schema.Row, error) bool) {
		for row, err := range rows {
			h.free = h.free || err == nil
			if !yield(row, err) {
				return
			}
			if err != nil {
				return
			}
		}
		h.free = true
	}, h
}

// heldBack is a writer that keeps what is written until it is free.
type heldBack struct {
	to   io.Writer
	kept []byte
	free bool
}

func (h *heldBack) Write(b []byte) (int, error) {
	if !h.free {
		h.kept = append(h.kept, b...)
		return len(b), nil
	}
	if h.kept != nil {
		if _, err := h.to.Write(h.kept); err != nil {
			return 0, err
		}
		h.kept = nil
	}
	return h.to.Write(b)
}
