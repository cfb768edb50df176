package answer

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"netql/shell/remote/frame"
)

// TestSpare: an answer that nobody takes goes on where it is in nobody's way, and ends as soon as it is.
func TestSpare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		waits, wanted := make(chan bool, 1), make(chan bool)
		a := serve(t, Host{CreditWait: time.Millisecond, Spare: func() bool {
			select {
			case <-wanted:
				return false
			case waits <- true:
			default: // which is known
			}
			return true
		}})
		go func() {
			<-waits
			a.send(frame.Encode(7, &frame.Credit{Bytes: 10_000}))
			close(wanted)
		}()
		a.ask("endless", 1000)
		numbers, end := a.end()
		if end.State != "late" || !strings.HasPrefix(end.Error, "nobody took the rows for 1") || len(numbers) < 2000 {
			t.Errorf("%d rows, %+v", len(numbers), end)
		}
		a.close()
	})
}

// TestWorkTime: the time of an answer does not run while it waits.
func TestWorkTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		over := make(chan time.Time, 1)
		start := time.Now()
		w := newWorkTime(10*time.Second, func() { over <- time.Now() })
		for range 3 {
			time.Sleep(3 * time.Second)
			resume := w.pause()
			time.Sleep(time.Minute)
			resume()
		}
		if took := (<-over).Sub(start); took != 3*time.Minute+10*time.Second {
			t.Errorf("over after %v", took)
		}
		w.pause()() // it is over all the same
		(*workTime)(nil).pause()()
		if time.Sleep(time.Hour); len(over) > 0 {
			t.Error("over once more")
		}
	})
}
