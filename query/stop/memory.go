package stop

import (
	"fmt"
	"sync"
)

// Memory counts the bytes that a run keeps, in rows and in values, and ends it where they are more than a limit. Other
// goroutines may keep something in the same memory. The zero Memory has no limit.
type Memory struct {
	limit func() int64 // in bytes; asked for once something is kept; nil for none

	lock  sync.Mutex
	total int64
	of    map[*Keeper]int64 // what each has kept of the total
}

// Keeper counts what one stage of a query keeps. The nil Keeper counts nothing.
type Keeper struct {
	what   string // the stage, as an error names it
	flag   *Flag
	untold int // bytes that the memory does not know yet
}

// What is the stage, as an error names it.
func (k *Keeper) What() string { return k.what }

// untoldBytes is how many bytes a keeper counts before it tells the memory: so a row costs no more than an addition.
const untoldBytes = 32 << 10

// Keep counts bytes that are kept until the run is over, and ends the run where they are too many. Bytes below zero
// are kept no longer.
func (k *Keeper) Keep(bytes int) {
	if k == nil {
		return
	}
	if k.untold += bytes; k.untold >= untoldBytes || k.untold <= -untoldBytes {
		k.tell()
	}
}

func (k *Keeper) tell() {
	bytes := int64(k.untold)
	k.untold = 0
	if err := k.flag.kept().keep(k, bytes); err != nil {
		k.flag.fail(err)
	}
}

// keep adds to what a keeper has kept. Where that is too much the error names the keeper that keeps the most.
func (m *Memory) keep(k *Keeper, bytes int64) error {
	if m.limit == nil {
		return nil
	}
	m.lock.Lock()
	defer m.lock.Unlock()
	if m.of == nil {
		m.of = map[*Keeper]int64{}
	}
	m.total += bytes
	m.of[k] += bytes
	limit := m.limit()
	if m.total <= limit {
		return nil
	}
	most := k
	for other, n := range m.of {
		if n > m.of[most] {
			most = other
		}
	}
	return &MemoryError{Limit: limit, What: most.what}
}

// begin forgets what was kept.
func (m *Memory) begin() {
	m.lock.Lock()
	defer m.lock.Unlock()
	m.total = 0
	clear(m.of)
}

// MemoryError is the error of a run that keeps more in memory than it may.
type MemoryError struct {
	Limit int64  // in bytes
	What  string // the stage that keeps the most
}

func (e *MemoryError) Error() string {
	return fmt.Sprintf("the query %s, most of it for: %s", e.TooMuch(), e.What)
}

// TooMuch says what the run does, for whoever has not typed the query.
func (e *MemoryError) TooMuch() string {
	return fmt.Sprintf("keeps more than %s in memory", Megabytes(e.Limit))
}

// Megabytes is a number of bytes as text, rounded to whole megabytes, or to kilobytes below one.
func Megabytes(bytes int64) string {
	if bytes < 1e6 {
		return fmt.Sprintf("%d kB", (bytes+500)/1e3)
	}
	return fmt.Sprintf("%d MB", (bytes+5e5)/1e6)
}
