package remote

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"netql/query"
	"netql/query/schema"
)

// report is a row of the table hosts.
type report struct {
	name   string
	host   host // as it was when the table was read
	status State
	said   string
}

// table declares the table hosts.
func (h *Hosts) table() *query.Table {
	return query.Define(query.Spec[report]{
		Doc: "The hosts that are asked, and how it went with the last question; before the first one, or where this " +
			"is the only question, each is asked who it is.",
		Examples: []string{"hosts", "hosts status != ok | select host, status, said", "hosts | count by version"},
		Columns: []query.Column[report]{
			query.Col("host", "The name of the host, as it was named.", func(r *report) string { return r.name }),
			query.Enum("status", "How it went: ok, partial (it said that something is missing), failed, refused, "+
				"busy, "+
				"older (another version), late, lost (rows are missing), no_answer, waiting, or stopped (enough was "+
				"there).", statusWords(), func(r *report) string { return string(r.status) }),
			query.NonZero("version", "The version of netql there.",
				func(r *report) string { return r.host.hello.Version }),
			query.NonZero("kernel", "The release of its kernel.",
				func(r *report) string { return r.host.hello.Kernel }),
			query.NonZero("calls_itself", "The name that the host has for itself.",
				func(r *report) string { return r.host.hello.Host }),
			query.Opt("uid", "The user whose rights netql has there.",
				func(r *report) (int, bool) { return r.host.hello.UID, r.host.greeted }),
			query.NonZero("rtt", "How long a message to the host and its answer take together.",
				func(r *report) time.Duration { return r.host.rtt() }),
			query.Opt("clock_offset", "How far its clock is ahead of this one; negative where it is behind. It "+
				"is right within half of rtt.",
				func(r *report) (time.Duration, bool) { return r.host.offset, r.host.rtt() > 0 }),
			query.Col("rows", "How many rows it sent.", func(r *report) int { return r.host.rows }),
			query.Col("bytes", "How many bytes these took on the way.",
				func(r *report) int { return r.host.bytes }).In(schema.Bytes),
			query.Opt("took", "The time from when it was begun to be reached until its answer had ended.",
				func(r *report) (time.Duration, bool) { return r.host.took() }),
			query.NonZero("said", "What is wrong, in the words of the host or of what reaches it.",
				func(r *report) string { return r.said }).Prose(),
		},
		Shown: []string{"host", "status", "version", "kernel", "rtt", "clock_offset", "rows", "bytes", "took", "said"},
		Spare: []string{"bytes", "kernel", "clock_offset", "version", "rtt", "took", "rows"},
		Key:   []string{"host"},
		Scope: query.ProgramScope,
		Scan:  func(r query.Request) query.Scan[report] { return hostsScan{h, r.Warn} },
	})
}

// statusWords are the states, the good ones first.
func statusWords() *schema.Vocabulary {
	words := []schema.Word{{Name: string(OK), Level: schema.Good}, {Name: string(Stopped), Level: schema.Good},
		{Name: string(Waiting), Level: schema.Busy}, {Name: string(Partial), Level: schema.Busy}}
	for _, s := range states {
		if s.state != Partial {
			words = append(words, schema.Word{Name: string(s.state), Level: schema.Bad})
		}
	}
	return schema.NewVocabulary(words...)
}

func (h *host) took() (time.Duration, bool) {
	return h.endedAt.Sub(h.started), !h.started.IsZero() && !h.endedAt.IsZero()
}

// hostsScan reads the table hosts.
type hostsScan struct {
	hosts *Hosts
	warn  func(message string)
}

func (s hostsScan) String() string { return "what is known of each host" }

func (s hostsScan) Rows(ctx context.Context) iter.Seq2[*report, error] {
	return func(yield func(*report, error) bool) {
		q, err := s.hosts.lastOrHello(ctx, s.warn)
		if err != nil {
			yield(nil, err)
			return
		}
		for i, name := range s.hosts.names {
			if !yield(q.report(i, name), nil) {
				return
			}
		}
	}
}

func (q *question) report(i int, name string) *report {
	q.lock.Lock()
	defer q.lock.Unlock()
	r := &report{name: name, host: q.hosts[i]}
	r.status, r.said = q.result(i)
	return r
}

// lastOrHello is the last question; where there was none, one that asks each host who it is, until the context ends,
// and warns of those that do not answer.
func (h *Hosts) lastOrHello(ctx context.Context, warn func(string)) (*question, error) {
	h.lock.Lock()
	q := h.last
	h.lock.Unlock()
	if q != nil {
		return q, nil
	}
	q, err := h.ask(ctx, &query.Local{})
	if err != nil {
		return nil, err
	}
	h.setLast(q)
	defer q.close()
	err = (&delivery{question: q, eased: time.Now()}).deliver(ctx)
	q.tell(warn, true)
	return q, err
}

// setLast makes a question the one that the table hosts is about.
func (h *Hosts) setLast(q *question) {
	h.lock.Lock()
	defer h.lock.Unlock()
	h.last = q
}

// Awaited says how many hosts have answered, and which are awaited. Any goroutine may call it.
func (h *Hosts) Awaited() string {
	h.lock.Lock()
	q := h.last
	h.lock.Unlock()
	if q == nil {
		return "waiting ..."
	}
	q.lock.Lock()
	defer q.lock.Unlock()
	answered, rows := 0, 0
	var awaited []string
	for i := range q.hosts {
		rows += q.hosts[i].rows
		if q.hosts[i].done() {
			answered++
		} else {
			awaited = append(awaited, h.names[i])
		}
	}
	text := fmt.Sprintf("%s of %s done", grouped(answered), counted(len(q.hosts), "host"))
	if rows > 0 {
		text += ", " + counted(rows, "row")
	}
	if len(awaited) > 0 {
		text += ", waiting for " + strings.Join(awaited[:min(len(awaited), namedHosts)], ", ")
	}
	return text + " ..."
}
