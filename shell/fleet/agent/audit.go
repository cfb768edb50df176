package agent

import (
	"fmt"
	"strconv"
	"time"
)

// record is what the audit line of an ask tells.
type record struct {
	user    string
	id      uint64
	query   string
	netns   string
	rows    int
	bytes   int // of rows, as they were sent
	took    time.Duration
	result  string // ok, or a state of remote.State
	because string // why it is not ok
}

// maxAudited bounds the query in an audit line, in bytes.
const maxAudited = 4096

// String is the line. Texts of the asker are quoted, so that none can forge a line.
func (r record) String() string {
	query := r.query
	if len(query) > maxAudited {
		query = fmt.Sprintf("%s... (%d bytes)", query[:maxAudited], len(query))
	}
	line := fmt.Sprintf("ask user=%s id=%x result=%s rows=%d bytes=%d took=%v query=%s",
		r.user, r.id, r.result, r.rows, r.bytes, r.took.Round(time.Millisecond/10), strconv.Quote(query))
	if r.netns != "" {
		line += " netns=" + strconv.Quote(r.netns)
	}
	if r.because != "" {
		line += " because=" + strconv.Quote(r.because)
	}
	return line
}
