package shell

import (
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"netql/query/schema"
	"netql/shell/remote/frame"
	"netql/sources/lab"
)

// otherClock runs a netql that answers, and shifts all times that it tells, as if the clock of its host were another
// one: otherclock HOST COMMAND ... The host is ahead or behind by an hour, or here.
func otherClock(args []string, in io.Reader, out io.Writer) int {
	c := &clock{shift: map[string]time.Duration{"ahead": time.Hour, "behind": -time.Hour}[args[1]]}
	cmd := exec.Command(args[2], args[3:]...)
	cmd.Stdin, cmd.Stderr = os.Stdin, os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	for frames := frame.NewReader(stdout); err == nil; {
		var f frame.Frame
		if f, err = frames.Next(); err == nil {
			f, err = c.shifted(f)
		}
		if err == nil {
			_, err = out.Write(f.AppendTo(nil))
		}
	}
	if err != io.EOF {
		fmt.Fprintln(os.Stderr, "otherclock:", err)
		return 1
	}
	if cmd.Wait() != nil {
		return 1
	}
	return 0
}

// clock shifts the times in frames.
type clock struct {
	shift time.Duration
	rows  *frame.RowReader
}

func (c *clock) shifted(f frame.Frame) (frame.Frame, error) {
	switch f.Kind {
	case frame.KindHello:
		var m frame.Hello
		err := frame.Decode(f, &m)
		m.Time = m.Time.Add(c.shift)
		return frame.Encode(f.ID, &m), err
	case frame.KindTaken:
		var m frame.Taken
		err := frame.Decode(f, &m)
		m.Time = m.Time.Add(c.shift)
		return frame.Encode(f.ID, &m), err
	case frame.KindColumns:
		list, err := frame.DecodeColumns(f)
		var columns []*schema.Column
		for _, column := range list.List {
			columns = append(columns, &schema.Column{Type: schema.Of(column.Kind)})
		}
		c.rows = frame.NewRowReader(columns)
		return f, err
	case frame.KindRows:
		return c.shiftedRows(f)
	}
	return f, nil
}

func (c *clock) shiftedRows(f frame.Frame) (frame.Frame, error) {
	var w frame.RowWriter
	var failure error
	err := c.rows.Each(f.Payload, func(row []schema.Scalar) bool {
		for _, value := range row {
			if t, ok := value.Any().(time.Time); ok {
				value = schema.Boxed(t.Add(c.shift))
			}
			if failure = w.Value(value); failure != nil {
				return false
			}
		}
		failure = w.EndRow()
		return failure == nil
	})
	if err == nil && failure == nil {
		f.Payload, err = w.Take()
	}
	if failure != nil {
		err = failure
	}
	return f, err
}

// askClocks asks hosts whose clocks differ, and gives the rows.
func askClocks(t *testing.T, program, query string) (rows [][]string, got outcome) {
	t.Helper()
	got = outcomeOf(t, exec.Command(program, "--hosts", "here,ahead,behind", "--via",
		"otherclock {} "+program+" answer", "--host-timeout", "1m", "--format", "csv", "--no-header", "--strict",
		query))
	rows, err := csv.NewReader(strings.NewReader(got.stdout)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows, got
}

// about says that the time or duration in a cell is about right.
func about(t *testing.T, cell string, want time.Time) bool {
	t.Helper()
	got, err := time.Parse(time.RFC3339Nano, cell)
	if err != nil {
		t.Fatal(err)
	}
	return got.Sub(want).Abs() < 5*time.Minute
}

// TestOtherClocks: how far clocks are off is told; times are those of the hosts, which a warning tells; time spans,
// rates and the times of samples are right whatever the clocks are.
func TestOtherClocks(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		off := regexp.MustCompile(
			`^warning: 2 of 3 hosts \(ahead, behind\): the clock is up to (\S+) off: times are by ` +
				"the host's clock\n$")
		shifts := map[string]time.Duration{"here": 0, "ahead": time.Hour, "behind": -time.Hour}
		_, got := askClocks(t, "netql", "hosts | select host, status, round(clock_offset / 60s)")
		if got != (outcome{"here,ok,0\nahead,ok,60\nbehind,ok,-60\n", "", done}) {
			t.Errorf("%+v", got)
		}
		rows, got := askClocks(t, "netql", "processes pid == 1 | select host, started, age < 5m")
		told := off.FindStringSubmatch(got.stderr)
		if len(rows) != 3 || told == nil || got.status != partial {
			t.Fatalf("%+v", got)
		}
		// Known within half of the time that a message and its answer take, which is seconds on a busy machine.
		if by, err := time.ParseDuration(told[1]); err != nil || (by-time.Hour).Abs() > 5*time.Minute {
			t.Errorf("the clock is off by %s, %v", told[1], err)
		}
		for _, row := range rows {
			if !about(t, row[1], time.Now().Add(shifts[row[0]])) || row[2] != "true" {
				t.Errorf("%q", row)
			}
		}
		rows, got = askClocks(t, "netql", "interfaces | select host, rate(rx_bytes) | watch 50ms until count() > 0")
		if len(rows) != 3 || strings.Contains(got.stderr, "clock") || got.status != done {
			t.Errorf("%+v", got)
		}
		for _, row := range rows {
			if !about(t, row[0], time.Now()) || row[2] != "0" {
				t.Errorf("%q", row)
			}
		}
		rows, got = askClocks(t, "fakeql", "happening | follow | where n == 1 | select time, host | limit 3")
		if len(rows) != 3 || !strings.Contains(got.stderr, ": the clock is ") {
			t.Errorf("%+v", got)
		}
		for _, row := range rows {
			if !about(t, row[0], time.Now().Add(shifts[row[1]])) {
				t.Errorf("%q", row)
			}
		}
	})
}
